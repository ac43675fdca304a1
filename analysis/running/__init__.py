"""The plan run on data: what is promised, what is computed, and who entered."""
