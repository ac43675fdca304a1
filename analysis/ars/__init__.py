"""Plan and results as a CDISC Analysis Results Standard (ARS) reporting event; each file one part of it."""
