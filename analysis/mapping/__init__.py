"""What a folder of unknown data seems to hold: pure functions from tables to proposals for a plan, each with its reason."""
