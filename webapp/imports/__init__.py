"""Courses from files: read, shown with every problem, and saved only when all chosen rows are sound."""
