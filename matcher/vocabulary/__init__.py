"""Small published tables that give course profiles a common language, and how near two entries are."""
