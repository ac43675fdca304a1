"""The trial as plain records, read again for the second route."""
