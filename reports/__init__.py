"""How it is shown: results looked up and formatted, nothing computed."""
