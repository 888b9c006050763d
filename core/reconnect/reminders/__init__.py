"""Reminders: what falls due, whether it may be sent, what it says, and sending it."""
