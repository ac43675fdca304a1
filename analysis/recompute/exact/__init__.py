"""Exact arithmetic for the second route: fractions, permutations, series."""
