"""`demo`: look at everything with sample data, in a profile of its own that is thrown away."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from reconnect import __version__
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import style, talk, wrapped
from reconnect.errors import ReconnectError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STAMP = "sample.txt"
"""In the profile's folder: what it was made for. Only a folder that has it is ever removed."""

_TOUR: tuple[tuple[str, ...], ...] = (("today",), ("week",), ("chart", "listen"), ("review",))

_NOT_HERE = ("start", "init", "daemon", "service", "demo", "channels", "plugins")
"""Commands that reach beyond the profile: sample data reminds nobody and installs nothing."""


@click.command(
    "demo",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="Try: reconnect demo week · reconnect demo chart listen · reconnect demo review --html "
    "review.html · reconnect demo ask",
)
@click.option("--fresh", is_flag=True, help="Make the sample data anew first.")
@click.option("--remove", is_flag=True, help="Remove the sample data, and do nothing else.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[COMMAND]...")
@pass_app
def demo_command(app: App, fresh: bool, remove: bool, command: tuple[str, ...]) -> None:
    """Run a command on 26 weeks of sample data; without one, take a short tour.

    Nothing of yours is read or changed.
    """
    home = os.path.join(app.paths.cache_dir, "demo")
    if remove:
        if command or fresh:
            raise UsageError("--remove stands alone: leave out the rest")
        talk("removed the sample data" if _removed(home) else "there is no sample data to remove")
        return
    if command and command[0].startswith("-"):
        raise UsageError(f"{command[0]}: expected a command; its options come after its name")
    if command and command[0] in _NOT_HERE:
        raise UsageError(
            f"{command[0]}: sample data reminds nobody and sets nothing up; leave out `demo` to "
            "do it for yourself"
        )
    _make(app, home, fresh=fresh)
    if command:
        talk(style(wrapped("SAMPLE DATA: made up, nothing here is yours."), dim=True))
        _run(app, home, command)
        return
    for each in _TOUR:
        talk("\n" + style(f"$ reconnect demo {' '.join(each)}", bold=True) + "  SAMPLE DATA")
        # A tour asks nothing: it is there to be looked at.
        _run(app, home, each, no_input=True)
    talk(
        "\n"
        + wrapped(
            "Any command goes: `reconnect demo review --html review.html` writes a page to print. "
            "`reconnect demo --remove` takes the sample data away again."
        )
    )


def _run(app: App, home: str, command: Sequence[str], *, no_input: bool = False) -> None:
    from reconnect.cli.main import reconnect

    color = {True: ("--color", "always"), False: ("--color", "never"), None: ()}
    no_input = no_input or app.no_input
    asked = ("--no-input",) if no_input else ()
    arguments = [*color[click.get_current_context().color], *asked, *command]
    with (
        _profile(home, no_input=no_input) as inner,
        reconnect.make_context("reconnect demo", arguments, obj=inner) as within,
    ):
        reconnect.invoke(within)


@contextmanager
def _profile(home: str, *, no_input: bool) -> Iterator[App]:
    """The sample's own run of the program."""
    # Where everything is, comes from the environment: whatever asks for it later gets it too.
    before = os.environ.get("RECONNECT_HOME")
    os.environ["RECONNECT_HOME"] = home
    inner = App(no_input=no_input)
    try:
        yield inner
    finally:
        inner.close()
        if before is None:
            del os.environ["RECONNECT_HOME"]
        else:
            os.environ["RECONNECT_HOME"] = before


def _make(app: App, home: str, *, fresh: bool) -> None:
    from datetime import timedelta

    from reconnect.cli.demo_story import tell_story
    from reconnect.clock import local_day, machine_tzid
    from reconnect.paths import make_private_dir, write_private_file

    tzid = machine_tzid()
    # The evening of the sample is always over: what is due today, stays open.
    today = local_day(app.clock.now(), tzid, 180)
    stamp = f"Sample data of reconnect {__version__} up to {today}. It can be removed.\n"
    if not fresh and _read(os.path.join(home, _STAMP)) == stamp:
        return
    if os.path.isdir(home):
        _removed(home)
    make_private_dir(home)
    write_private_file(os.path.join(home, _STAMP), b"unfinished sample data\n")
    talk(style("making 26 weeks of sample data ...", dim=True))
    monday = today - timedelta(days=today.weekday())
    write_private_file(os.path.join(home, "config.toml"), b'[person]\nname = "Sample"\n')
    with _profile(home, no_input=True) as inner:
        tell_story(inner, monday - timedelta(weeks=25), today)
    write_private_file(os.path.join(home, _STAMP), stamp.encode())


def _removed(home: str) -> bool:
    import shutil

    if not os.path.isdir(home):
        return False
    inside = os.listdir(home)
    if os.path.islink(home) or (inside and _STAMP not in inside):
        raise ReconnectError(f"{home} holds no sample data of ours: look at it, and remove it")
    # The stamp goes last: what is stopped half-way can be removed the next time.
    for name in sorted(inside, key=_STAMP.__eq__):
        path = os.path.join(home, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    os.rmdir(home)
    return True


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(200)
    except OSError:
        return ""
