"""Datasets and analyses of a plan as CDISC Define-XML 2.1, with Analysis Results Metadata 1.0."""
