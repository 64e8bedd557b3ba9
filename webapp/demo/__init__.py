"""The demonstration courses: real ones from published partnerships, with the gaps filled in and marked."""
