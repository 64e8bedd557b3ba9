"""The rooms of an international office: balance of the house, courses in bulk, everything as files."""
