"""`python -m reconnect` is the same as the `reconnect` command."""

from reconnect.cli.main import main

if __name__ == "__main__":
    main()
