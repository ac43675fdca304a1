"""Renders the .qmd pages where no Quarto is installed: nbclient runs the cells, pandoc writes the pages.

It knows the part of Quarto these pages use and refuses the rest by file and line, so that a page never
comes out silently different from Quarto's.
"""
