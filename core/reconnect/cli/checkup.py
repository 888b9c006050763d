"""What `doctor` looks at: each check says how it is, and what to do."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import TYPE_CHECKING, Literal, NamedTuple

from reconnect.errors import DamagedError, ReconnectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnect.cli.app import App
    from reconnect.rules.catalog import Catalog

Verdict = Literal["ok", "warn", "problem", "damaged"]
PACKAGES = ("apprise", "click", "msgspec", "platformdirs", "pluggy", "schedule")
NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "davfs")
"""File systems on which locks and the write-ahead log of SQLite cannot be relied on."""


class Check(NamedTuple):
    """One thing that was looked at. `todo` is what to do about it; empty where it is well."""

    name: str
    verdict: Verdict
    text: str
    todo: str = ""


def versions(_app: App) -> Iterator[Check]:
    """This program, Python, SQLite, and the packages it stands on."""
    from importlib.metadata import PackageNotFoundError, version

    from reconnect import __version__

    python = ".".join(map(str, sys.version_info[:3]))
    told = [f"reconnect {__version__}", f"Python {python}", f"SQLite {sqlite3.sqlite_version}"]
    missing = []
    for package in PACKAGES:
        try:
            told.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    yield Check("versions", "ok", ", ".join(told))
    if missing:
        todo = "install reconnect again: `python -m pip install --force-reinstall reconnect`"
        yield Check("packages", "problem", f"missing: {', '.join(missing)}", todo)


def places(app: App) -> Iterator[Check]:
    """Whether the directories can be written, and nobody else can look into them."""
    from reconnect import logfile

    paths = app.paths
    for directory in dict.fromkeys([paths.config_dir, paths.data_dir, paths.state_dir]):
        yield _writable(directory)
    private = [paths.config_dir, paths.data_dir, paths.state_dir, paths.cache_dir]
    private += [paths.config, paths.plugin_choices, paths.catalog, paths.lock]
    private += [paths.log_dir, *logfile.files(paths.log)]
    private += [paths.database + end for end in ("", "-wal", "-shm")]
    loose = sorted({path for path in private if _is_loose(path)})
    for path in loose:
        mode = "700" if os.path.isdir(path) else "600"
        yield Check("private", "warn", f"others can get at {path}", f"chmod {mode} '{path}'")
    if not loose:
        yield Check("private", "ok", "nobody else can read your files")


def network_mounts(app: App, mounts: str = "/proc/mounts") -> Iterator[Check]:
    """Whether the database lies on a disk of another machine."""
    kind = filesystem_of(os.path.realpath(app.paths.data_dir), mounts)
    if kind in NETWORK or (kind or "").startswith("fuse.ssh"):
        text = f"the database lies on a network file system ({kind}): locks and the log of SQLite "
        todo = "set RECONNECT_HOME to a directory on this machine's own disk"
        yield Check("disk", "warn", text + "are not safe there", todo)
    elif kind:
        yield Check("disk", "ok", f"the database lies on {kind}")


def filesystem_of(path: str, mounts: str = "/proc/mounts") -> str | None:
    """The type of the file system that holds a path; None where the system does not tell."""
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            rows = [line.split() for line in file]
    except OSError:
        return None
    best, kind = "", None
    for row in rows:
        if len(row) < 3:
            continue
        # A blank in the name of a directory is written \040 there.
        point = row[1].encode("utf-8", "surrogateescape").decode("unicode_escape")
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, row[2]
    return kind


def configuration(app: App) -> Iterator[Check]:
    """Whether config.toml can be read, and does what it should."""
    from reconnect.cli.config import checked

    problems, warnings = checked(app.paths)
    for text in problems:
        yield Check("config", "problem", text, "correct that line")
    for text in warnings:
        yield Check("config", "warn", text, "see `reconnect config check`")
    if not problems and not warnings:
        there = os.path.exists(app.paths.config)
        path = app.paths.config
        yield Check("config", "ok", path if there else f"no {path}: defaults hold")


def time_zone(app: App) -> Iterator[Check]:
    """Whether the person's zone is known, and what their clock shows."""
    from reconnect.clock import machine_tzid
    from reconnect.recurrence import to_wall

    try:
        named = _zone_in_force(app)
        tzid = named or machine_tzid()
        wall = to_wall(app.now, tzid)
    except ReconnectError as error:
        yield Check("zone", "problem", str(error), "set person.timezone in config.toml")
        return
    yield Check("zone", "ok", f"{tzid}: it is {wall:%A %H:%M}" + ("" if named else " (machine's)"))


def _zone_in_force(app: App) -> str:
    """The zone that config.toml names; while it is broken, the one that held before."""
    from reconnect.errors import ConfigError

    try:
        return app.settings.person.timezone
    except ConfigError:
        from reconnect.store import people
        from reconnect.store.database import open_read_only

        db = open_read_only(app.paths.database)
        person = None if db is None else people.find(db)
        if db is not None:
            db.close()
        return person.tzid if person else ""


def plugins(app: App) -> Iterator[Check]:
    """Whether every plugin that may run does."""
    from reconnect.cli.plugins import state_of
    from reconnect.rules.catalog import rebuild
    from reconnect.rules.consent import unknown_wanted
    from reconnect.rules.registry import TURNED_OFF_AFTER

    _, catalog = rebuild(app.paths, strict=False, thorough=True)
    running = [card.found.name for card in catalog.cards if card.rule_id]
    yield Check("plugins", "ok", f"{len(running)} run: {', '.join(running) or 'none'}")
    for card in catalog.cards:
        (state, why), name = state_of(card), card.found.name
        if state == "broken":
            todo = f"`reconnect plugins disable {name}`, or tell its author"
            yield Check("plugins", "problem", f"{name} is broken: {why}", todo)
        elif (why or "").startswith(TURNED_OFF_AFTER):
            todo = f"`reconnect plugins enable {name}` tries it again"
            yield Check("plugins", "warn", f"{name}: {why}", todo)
        for problem in card.problems if state == "on" else ():
            text = f"{name}: {problem.where}: {problem.why}"
            yield Check("plugins", "warn", text, "tell its author")
    for general in catalog.general:
        yield Check("plugins", "problem", general.why, "see `reconnect plugins`")
    for text in unknown_wanted(card.found.name for card in catalog.cards):
        yield Check("plugins", "warn", text, "correct that name, or unset RECONNECT_PLUGINS")
    yield from _orphans(app, catalog)


def _orphans(app: App, catalog: Catalog) -> Iterator[Check]:
    """Habits whose rule nobody teaches any more: they are reminded of by their title alone."""
    from reconnect.store import habits

    if not os.path.exists(app.paths.database):
        return
    names = {card.found.name for card in catalog.cards}
    taught = {card.rule_id for card in catalog.cards}
    try:
        kept = habits.listed(app.looking, app.person.id)
    except (ReconnectError, sqlite3.Error):
        return  # The look at the database says what is wrong.
    for habit in kept:
        if habit.rule in taught:
            continue
        if habit.rule in names:
            why, todo = "its plugin does not run", "see `reconnect plugins`"
        else:
            why, todo = "no plugin teaches it: was its package removed?", "install it again"
        todo = f"{todo}, or `reconnect habits archive {habit.name}`"
        yield Check(
            "plugins", "warn", f"you keep {habit.name} (rule {habit.rule}), but {why}", todo
        )


def _writable(directory: str) -> Check:
    above = directory
    while not os.path.exists(above) and above != os.path.dirname(above):
        above = os.path.dirname(above)
    if not os.path.isdir(above) or not os.access(above, os.W_OK | os.X_OK):
        todo = "set RECONNECT_HOME to a directory that you can write to"
        return Check("directory", "problem", f"{directory} cannot be written", todo)
    return Check("directory", "ok", directory if above == directory else f"{directory} (new)")


def _is_loose(path: str) -> bool:
    from reconnect.paths import is_private

    try:
        return not is_private(path)
    except OSError:
        return False


def damage(error: BaseException) -> Verdict:
    """How bad an error of the store is."""
    return "damaged" if isinstance(error, DamagedError) else "problem"
