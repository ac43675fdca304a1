"""Statistical methods, one a module: arrays in, numbers out; they know nothing of trials."""
