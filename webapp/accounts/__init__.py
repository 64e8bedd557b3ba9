"""People: sign-up, sign-in, roles, preferences."""
