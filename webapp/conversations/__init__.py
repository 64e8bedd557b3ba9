"""What the two lecturers of a match say to each other before and during it: messages, files, meetings."""
