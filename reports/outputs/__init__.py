"""The tables, figures and listings of a plan as they stand on a page."""
