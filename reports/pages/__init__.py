"""What each page may ask for."""
