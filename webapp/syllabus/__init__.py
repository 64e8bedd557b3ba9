"""What a pasted syllabus suggests for a course profile; nothing is taken over before somebody says so."""
