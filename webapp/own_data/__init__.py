"""What belongs to a person: everything about them as one file, and closing their account."""
