"""What guidelines ask of a report of a trial, item by item, in words of our own."""
