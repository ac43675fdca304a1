"""The commands about the data themselves: what unknown ones seem to hold, and what those of a plan are."""
