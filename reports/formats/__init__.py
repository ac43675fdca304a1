"""The report beside its pages: documents for Word and paper, a file for each table, figure and listing, one archive."""
