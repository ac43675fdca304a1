"""What a paper states, typed so that it can be held against itself, the results and the data."""
