"""How it is computed: from files and a plan to the rows of the analysis results dataset."""
