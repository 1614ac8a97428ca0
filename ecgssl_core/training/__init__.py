"""The loop that trains, ignorant of which method it runs and of who started it."""
