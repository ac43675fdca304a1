"""The plan as the document a statistician signs, section by section."""
