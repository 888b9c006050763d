"""Reconnect: a plugin-based habit tracker with reminders, for people who want to be close again."""

__version__ = "0.1.0"
