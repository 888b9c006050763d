"""What cannot be: one line that says so, the exit code for it, and nothing written."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Result, Rows, Run

LOG = ("log", "listen", "20")


@pytest.fixture
def kept(cli: Run) -> None:
    for rule in ("listen", "peace"):
        assert cli("adopt", rule).code == 0
    assert cli("log", "listen", "5").code == 0


def refused(result: Result, code: int, said: str = "") -> None:
    assert result.code == code, result
    assert result.err.count("\n") == 1, result.err
    assert result.err.endswith("\n")
    assert "Traceback" not in result.err
    assert "This is a bug" not in result.err
    assert result.err.replace("\n", "").isprintable()
    assert said in result.err, result.err
    assert result.out == ""


WORDS: list[tuple[tuple[str, ...], int, str]] = [
    # names
    (("log", "lisen", "20"), 3, "did you mean listen?"),
    (("log", "zzz"), 3, "no habit 'zzz'"),
    (("log", "li\nsten\x1b[31m"), 3, "no habit 'li sten"),
    (("skip", "zzz"), 3, "no habit 'zzz'"),
    (("lapse", "zzz"), 3, "no habit 'zzz'"),
    (("lapse", "peace", "zzz"), 3, "it has: argued, bickered, flooded"),
    (("adopt", "zzz"), 3, "no rule 'zzz'"),
    (("adopt", "\udcff"), 3, "no rule"),
    (("rules", "zzz"), 3, "no rule 'zzz'"),
    (("habits", "edit", "zzz", "--title", "x"), 3, "no habit 'zzz'"),
    (("history", "zzz"), 3, "no habit 'zzz'"),
    (("undo", "zzz"), 3, "no habit 'zzz'"),
    (("undo", "--id", "99"), 3, "no entry 99"),
    (("undo", "--id", "9" * 30), 2, "is not in the range"),
    (("undo", "--id", "one"), 2, "'one' is not a valid integer"),
    (("lgo",), 2, "did you mean log?"),
    (("log", "listen", "20", "--minuts", "3"), 2, "Did you mean '--minutes'?"),
    (("log", "listen", "20", "30"), 2, "got unexpected extra argument (30)"),
    # days
    ((*LOG, "--on", "2026-02-30"), 2, "'2026-02-30' is no day"),
    ((*LOG, "--on", "2027-02-29"), 2, "'2027-02-29' is no day"),
    ((*LOG, "--on", "2026-11-24"), 2, "lies ahead (today is 2026-11-23)"),
    ((*LOG, "--on", "9999-12-31"), 2, "lies ahead"),
    ((*LOG, "--on", "tomorrow"), 2, "'tomorrow' is no day"),
    ((*LOG, "--on", "0001-01-01"), 2, "too far back"),
    ((*LOG, "--on", "-99999999"), 2, "is no day"),
    ((*LOG, "--on", ""), 2, "'' is no day"),
    # fields
    (("log", "listen", "--minutes", "-5"), 2, "'-5' is not a whole number from 1 to 480"),
    (("log", "listen", "--", "-5"), 2, "'-5' is not a whole number"),
    (("log", "listen", "0"), 2, "'0' is not a whole number"),
    (("log", "listen", "481"), 2, "from 1 to 480"),
    (("log", "listen", "2.5"), 2, "'2.5' is not a whole number"),
    (("log", "listen", "soon"), 2, "'soon' is not a whole number"),
    (("log", "listen", ""), 2, "minutes: missing"),
    (("log", "listen"), 2, "minutes: missing, expected a whole number from 1 to 480"),
    (("log", "listen", "9" * 5000), 2, "is not a whole number"),
    ((*LOG, "--heard", "101"), 2, "'101' is not a number from 0 to 100"),
    ((*LOG, "--heard", "-1"), 2, "'-1' is not a number from 0 to 100"),
    ((*LOG, "--heard", "nan"), 2, "'nan' is not a number"),
    ((*LOG, "--heard", "inf"), 2, "'inf' is not a number"),
    (("log", "peace", "sunny"), 2, "'sunny' is not one of peaceful, mixed, stormy"),
    ((*LOG, "--landed", "hot"), 2, "'hot' is not one of"),
    # texts
    ((*LOG, "--id", ""), 2, "1 to 200 plain characters"),
    ((*LOG, "--id", "a\x00b"), 2, "plain characters"),
    ((*LOG, "--id", "x" * 201), 2, "1 to 200"),
    (("adopt", "listen", "--name", "x", "--cue", "a\x1b]0;b"), 2, "U+001B at place 2"),
    (("adopt", "listen", "--name", "x", "--cue", "\udcff"), 2, "U+DCFF at place 1"),
    (("habits", "edit", "listen", "--title", "a\nb"), 2, "U+000A at place 2"),
    # nobody to ask
    (("lapse", "peace"), 2, "One of: argued, bickered, flooded"),
]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("arguments", "code", "said"), WORDS)
def test_words_that_cannot_be(
    cli: Run, rows: Rows, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = rows()
    refused(cli(*arguments), code, said)
    assert rows() == before


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("note", "said"),
    [
        (b"n" * 2_000_000, "more than the 65,536 bytes"),
        ("ü".encode() * 1_000_000, "more than the 65,536 bytes"),
        (b"a\x00b", "U+0000 at place 2"),
        (b"a\x1b[31mb", "U+001B at place 2"),
        (b"a\x7fb", "U+007F"),
        ("a\u0085b".encode(), "U+0085"),
        (b"caf\xe9", "not UTF-8 text (byte 3)"),
    ],
)
def test_a_note_that_cannot_be_kept(cli: Run, rows: Rows, note: bytes, said: str) -> None:
    before = rows()
    refused(cli(*LOG, "--note", "-", stdin=note), 2, said)
    assert rows() == before


@pytest.mark.usefixtures("kept")
def test_a_note_of_the_greatest_size_and_of_any_script_is_kept(cli: Run) -> None:
    for note in ("n" * 65_536, "שלום 👩\u200d❤\ufe0f\u200d👨\r\n\tmañana"):
        assert cli(*LOG, "--note", "-", stdin=note).code == 0
    entries = cli("history", "--json", "--notes").json()["days"][0]["entries"]
    assert entries[-1]["note"] == "שלום 👩\u200d❤\ufe0f\u200d👨\n\tmañana"


def shell(script: str, *arguments: str) -> Result:
    """Run the command where the shell sets up its streams: `$@` stands for it."""
    from types import SimpleNamespace

    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", sys.executable, "-m", "reconnect", *arguments],
        capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    result: Any = SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)
    return result  # type: ignore[no-any-return]


READING = [
    ("today",),
    ("history",),
    ("habits",),
    ("rules",),
    ("rules", "listen"),
    ("today", "--json"),
]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("arguments", READING)
def test_a_closed_stdout(rows: Rows, arguments: tuple[str, ...]) -> None:
    before = rows()
    refused(shell('"$@" >&-', *arguments), 1, "standard output is closed")
    assert rows() == before


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("arguments", READING)
def test_a_full_stdout(arguments: tuple[str, ...]) -> None:
    refused(shell('"$@" >/dev/full', *arguments), 1, "No space left on device")


@pytest.mark.usefixtures("kept")
def test_a_reader_that_left(rows: Rows) -> None:
    before = rows()
    done = shell('{ "$@"; echo "code $?" >&2; } | true', "history", "--json")
    assert done.err in ("code 0\n", "code 1\n")
    assert rows() == before


@pytest.mark.usefixtures("kept")
def test_an_entry_is_kept_where_nobody_hears_of_it(rows: Rows) -> None:
    assert shell('"$@" >&- 2>&- <&-', *LOG).code == 0
    assert rows()["entry"] == 2


@pytest.mark.usefixtures("kept")
def test_a_closed_stdin(rows: Rows) -> None:
    before = rows()
    refused(shell('"$@" <&-', *LOG, "--note", "-"), 2, "standard input is closed")
    refused(shell('"$@" <&-', "log", "listen"), 2, "minutes: missing")
    assert rows() == before


# --- what holds the data ------------------------------------------------------------------------


def test_a_home_that_is_a_file(cli: Run, home: Path) -> None:
    home.write_text("no directory", encoding="utf-8")
    refused(cli("log", "listen", "20"), 1, "Set RECONNECT_HOME to a directory")


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or not mount or not umount:
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1200k", "none", str(place)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    monkeypatch.setenv("RECONNECT_HOME", str(place))
    yield place
    subprocess.run([umount, str(place)], check=True)


def fill(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
        while file.write(b"x" * 1024):
            pass


def test_a_full_disk(small_disk: Path, process: Run) -> None:
    assert process("adopt", "listen").code == 0
    fill(small_disk)
    big = "n" * 60_000
    refused(process(*LOG, "--note", "-", input=big), 1, "is full: nothing was written")
    (small_disk / "ballast").unlink()
    assert process("history", "--json").json()["days"] == []
    assert process(*LOG, "--note", "-", input=big).code == 0


def test_a_disk_that_is_full_from_the_start(small_disk: Path, process: Run) -> None:
    fill(small_disk)
    refused(process("adopt", "listen"), 1)
    (small_disk / "ballast").unlink()
    assert process("adopt", "listen").code == 0


@pytest.mark.usefixtures("kept")
@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX")
def test_a_file_that_may_not_grow(process: Run, rows: Rows) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    before = rows()
    big = "n" * 60_000
    done = process(*LOG, "--note", "-", input=big, preexec_fn=limit)
    refused(done, 1, "othing was written")
    assert rows() == before


def without_root_rights() -> list[str]:
    """What to start a command with, so that permissions hold for root too."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    command = [str(setpriv), "--bounding-set=-dac_override,-dac_read_search"]
    if not setpriv or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("root ignores permissions, and setpriv cannot take that right away here")
    return command


@pytest.fixture
def shut(home: Path) -> Iterator[Path]:
    """The home with all in it as it is, to be read and not to be written."""
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield home
    for path in [home, *home.rglob("*")]:
        path.chmod(0o755)


@pytest.mark.usefixtures("kept", "shut")
@pytest.mark.parametrize("arguments", [LOG, ("undo",), ("adopt", "peace", "pause")])
def test_a_read_only_directory(process: Run, rows: Rows, arguments: tuple[str, ...]) -> None:
    before = rows()
    done = process(*arguments, before=without_root_rights())
    refused(done, 1, "cannot be written (read-only)")
    assert rows() == before


@pytest.mark.usefixtures("kept", "shut")
def test_what_is_in_a_read_only_directory_can_be_looked_at(process: Run) -> None:
    for command in ("today", "habits", "rules"):
        assert process(command, before=without_root_rights()).code == 0
    shown = process("history", "--json", before=without_root_rights())
    assert shown.json()["days"][0]["entries"][0]["fields"] == {"minutes": 5}


def test_a_directory_in_which_nothing_can_be_created(process: Run, tmp_path: Path) -> None:
    place = tmp_path / "shut"
    place.mkdir(mode=0o555)
    home = {"RECONNECT_HOME": str(place / "home")}
    for arguments in (LOG, ("today",), ("adopt", "listen")):
        done = process(*arguments, env=home, before=without_root_rights())
        refused(done, 1, "Set RECONNECT_HOME to a directory")


HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("kept")
def test_a_database_that_another_process_holds(
    cli: Run, rows: Rows, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reconnect.store import database

    before = rows()
    monkeypatch.setattr(database, "BUSY_MS", 50)
    quick = database._EVERY_TIME.replace("busy_timeout = 10000", "busy_timeout = 50")
    assert quick != database._EVERY_TIME
    monkeypatch.setattr(database, "_EVERY_TIME", quick)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home / "reconnect.db")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for arguments in (
            LOG,
            ("adopt", "peace", "pause"),
            ("undo",),
            ("habits", "archive", "peace"),
        ):
            refused(cli(*arguments), 4, "is in use by another program")
        assert cli("today").code == 0  # looking is not held up
        holder.communicate()
    assert rows() == before
    assert cli(*LOG).code == 0


def damage(home: Path, how: str) -> None:
    file = home / "reconnect.db"
    content = bytearray(file.read_bytes())
    if how == "garbage":
        content = bytearray(b"no database at all\n" * 500)
    elif how == "cut":
        content = content[: len(content) // 3]
    elif how == "holes":
        content[4096:] = b"\xa5" * (len(content) - 4096)
    file.write_bytes(content)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("how", ["garbage", "cut", "holes"])
@pytest.mark.parametrize("arguments", [LOG, ("today",), ("history",), ("undo", "--yes")])
def test_a_damaged_database(cli: Run, home: Path, how: str, arguments: tuple[str, ...]) -> None:
    damage(home, how)
    for log in home.glob("reconnect.db-*"):
        log.unlink()
    before = (home / "reconnect.db").read_bytes()
    refused(cli(*arguments), 5, "is damaged")
    assert (home / "reconnect.db").read_bytes() == before


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("arguments", [LOG, ("today",), ("habits",), ("adopt", "listen")])
def test_a_database_of_a_newer_schema(
    cli: Run, rows: Rows, home: Path, arguments: tuple[str, ...]
) -> None:
    with contextlib.closing(sqlite3.connect(home / "reconnect.db")) as db:
        db.execute("PRAGMA user_version = 9999")
    before = rows()
    refused(cli(*arguments), 5, "was written by a newer reconnect (schema 9999")
    assert rows() == before


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[person]\nname = "An', "not valid TOML"),
        ("[person]\nday_starts", "not valid TOML"),
        ('[person]\nday_start = "03:00"\n', "line 2: person.day_start: unknown key, did you mean"),
        ('[person]\nday_starts = "25:00"\n', "line 2: person.day_starts: expected a time"),
        ('[person]\ntimezone = "Europe/Berlon"\n', "unknown time zone 'Europe/Berlon'"),
        ("[reminders]\nwindow_minutes = -1\n", "reminders.window_minutes"),
    ],
)
def test_settings_that_cannot_be(cli: Run, rows: Rows, home: Path, text: str, said: str) -> None:
    before = rows()
    (home / "config.toml").write_text(text, encoding="utf-8")
    add = ("remind", "add", "listen", "--at", "07:00")
    for arguments in (("adopt", "humor"), add, ("channels",)):
        refused(cli(*arguments), 2, said)
    assert rows() == before
    # What needs no settings goes on, and says so: tests/cli/test_broken_config.py.
    assert said in cli("today").err


@pytest.mark.usefixtures("kept")
def test_settings_that_are_no_text(cli: Run, home: Path) -> None:
    (home / "config.toml").write_bytes(b"\xff\xfe[\x00p\x00")
    refused(cli("channels"), 2, "not UTF-8 text (byte 0)")
    assert "not UTF-8 text (byte 0)" in cli(*LOG).err


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("shown", ["", "soon", "2026-11-23T12:00:00"])
def test_a_clock_that_shows_no_instant(cli: Run, rows: Rows, tmp_path: Path, shown: str) -> None:
    before = rows()
    (tmp_path / "clock").write_text(shown, encoding="ascii")
    refused(cli(*LOG), 2, "RECONNECT_CLOCK")
    assert rows() == before
