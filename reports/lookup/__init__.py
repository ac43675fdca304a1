"""Where pages find what they show: plan, results and provenance of the run."""
