"""Pages of insights open, say what each figure means, and send the same figures as files."""
