"""What can go wrong, and the exit code each kind of trouble ends with.

A message is one line: what is wrong, where, what was expected, what to do.
"""


class ReconnectError(Exception):
    """Any trouble the program foresees. The command line prints it and exits with `exit_code`."""

    exit_code = 1


class UsageError(ReconnectError):
    """The person asked for something that cannot be: a bad date, a percent over 100."""

    exit_code = 2


class NotFoundError(ReconnectError):
    """A habit, rule, reminder, channel or entry of that name does not exist."""

    exit_code = 3


class LockedError(ReconnectError):
    """Something else holds what is needed: a second daemon, a database in use, a missing key."""

    exit_code = 4


class DamagedError(ReconnectError):
    """Stored data is not what was stored: a corrupt file, a failed content hash, a newer schema."""

    exit_code = 5


class ConfigError(UsageError):
    """config.toml holds an unknown key or a bad value."""


class RuleFileError(ReconnectError):
    """A rule.toml cannot be read as a rule."""
