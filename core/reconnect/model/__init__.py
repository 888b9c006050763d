"""Frozen values that every floor above shares. Nothing here reads a file, a clock or a database."""
