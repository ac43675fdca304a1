"""What was promised held against what was run."""
