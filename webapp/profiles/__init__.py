"""Lecturer and course profiles."""
