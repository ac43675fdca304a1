"""The analysis results dataset, and what a run keeps beside it."""
