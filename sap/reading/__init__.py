"""From the text of a plan to a plan: every mistake at once, each with its line and its mend."""
