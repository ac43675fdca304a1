"""First analyses for what is there: subjects, times to event, response, adverse events."""
