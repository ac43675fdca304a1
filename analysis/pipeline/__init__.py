"""From a plan and a folder of data to a folder of results."""
