"""Profiles in, explained and balanced pairs out; knows no web and no database."""

__all__: list[str] = []
