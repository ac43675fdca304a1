"""A paper held against itself, against the results and against the data."""
