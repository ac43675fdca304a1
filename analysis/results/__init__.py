"""The analysis results dataset, its files and their provenance, and who entered an analysis."""
