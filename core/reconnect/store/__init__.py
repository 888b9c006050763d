"""The store: SQLite, and all SQL of the program."""
