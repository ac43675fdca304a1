"""Ranks: exact tests of two groups, shifts and correlations."""
