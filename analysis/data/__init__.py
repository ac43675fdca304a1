"""From files to the validated data of each subject: read, checked, cut off, derived."""
