"""The commands about data that no plan describes yet."""
