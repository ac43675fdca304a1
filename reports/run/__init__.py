"""The run that pages show: its plan, its results, what subjects are called, and shells in place of numbers."""
