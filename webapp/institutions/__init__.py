"""Institutions of the ASEM region and what belongs to them."""
