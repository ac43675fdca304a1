"""Records and the groups they belong to."""
