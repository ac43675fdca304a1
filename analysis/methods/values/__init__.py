"""Values and their courses: descriptions, areas, peaks, limits of quantification."""
