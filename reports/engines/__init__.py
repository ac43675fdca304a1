"""The engines that render the pages: Quarto where it is installed, the embedded one elsewhere."""
