"""Several tests at one level: adjusted p-values and the order in which hypotheses may be tested."""
