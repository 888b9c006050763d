"""Run reconnect with variables that are given as arguments: `NAME=value … -- daemon run`.

The Task Scheduler of Windows gives a task no environment of its own.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Take the variables, and go on as `reconnect` with what stands after the `--`."""
    end = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    for pair in sys.argv[1:end]:
        name, found, value = pair.partition("=")
        if found:
            os.environ[name] = value
    sys.argv[1:] = sys.argv[end + 1 :]
    from reconnect.cli.main import main as reconnect

    reconnect()


if __name__ == "__main__":
    main()
