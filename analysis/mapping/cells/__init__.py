"""What the cells of a folder say by themselves: kinds, words, dates, keys and clocks."""
