"""The directory of open courses: search, who would fit one's own course, saved searches, invitations."""
