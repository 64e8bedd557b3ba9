"""The life of one match."""
