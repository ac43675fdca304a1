"""What a folder of unknown data seems to hold: from its tables to proposals for a plan, each with its reason."""
