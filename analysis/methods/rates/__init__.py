"""Proportions: intervals, tests, differences, posteriors, exact coverage."""
