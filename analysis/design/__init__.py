"""What a planned number of subjects can show, before any data exist."""
