"""The `reconnect` command: one file per group of commands, imported when it is run."""
