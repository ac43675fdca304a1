"""The course of each subject on one axis."""
