"""What guidelines ask of a plan and of a report: items by number, in our own words."""
