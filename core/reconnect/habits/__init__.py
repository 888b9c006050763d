"""Habits: adopt, record, undo, and what a day came to."""
