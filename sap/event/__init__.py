"""From a CDISC ARS reporting event to a plan, with what it says that a plan has no words for."""
