"""A whole plan: its model, what it uses, how it is compared, and its JSON Schema."""
