"""From the columns of a file to the variables of a plan: names, codes, units, types."""
