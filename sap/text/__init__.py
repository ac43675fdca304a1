"""Text as people write it: cells, YAML, names, files, and how a mistake in them is told."""
