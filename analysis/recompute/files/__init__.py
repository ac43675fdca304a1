"""The files of a trial, read a second time: other readers, and the plan's words for missing values, names and units."""
