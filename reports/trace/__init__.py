"""The record of each number, and the link that leads to it."""
