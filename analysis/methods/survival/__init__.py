"""Times to an event: curves, bands, quantiles, tests, competing risks, follow-up."""
