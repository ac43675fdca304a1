"""Two sets of results held against each other."""
