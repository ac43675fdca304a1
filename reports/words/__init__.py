"""Numbers, names and states as they are printed."""
