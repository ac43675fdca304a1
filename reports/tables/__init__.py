"""The lines of each method in a table, one file a method."""
