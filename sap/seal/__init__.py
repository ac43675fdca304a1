"""The seal: one chain for plan, data, code and pages, its signatures, and holding what is there against it."""
