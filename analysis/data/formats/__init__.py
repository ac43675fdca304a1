"""The formats in which a dataset may be kept, one module a format: from the bytes of a file to a table of texts."""
