"""Rules: how plugins are found, read, held apart from each other, and asked."""
