"""How long things take, and what of."""
