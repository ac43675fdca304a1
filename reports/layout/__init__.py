"""One model of a table, and how its cells stand."""
