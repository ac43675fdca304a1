"""What data must look like: the Pandera schemas of the datasets and the rules that span them."""
