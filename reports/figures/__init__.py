"""Figures: one house style, one file a kind."""
