"""`doctor` gets to the end whatever is wrong, and says what to do."""

from __future__ import annotations

import random
import shutil
import sqlite3
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from reconnect.cli.checkup import filesystem_of, network_mounts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Result, Run, Terminal


def checks(done: Result) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for check in done.json()["checks"]:
        found.setdefault(check["name"], []).append(check)
    return found


def test_before_anything_is_set_up_all_is_well_and_nothing_is_made(cli: Run, home: Path) -> None:
    done = cli("doctor", "--json")
    assert done.code == 0
    assert done.json()["ok"] is True
    assert {check["verdict"] for check in done.json()["checks"]} == {"ok"}
    assert not (home / "reconnect.db").exists()
    text = checks(done)["versions"][0]["text"]
    assert "Python 3." in text
    assert "apprise 2." in text


def test_in_use_the_missing_daemon_is_only_a_warning(cli: Run, home: Path) -> None:
    cli("adopt", "listen")
    cli("log", "listen", "5")
    done = cli("doctor", "--json")
    assert done.code == 0
    found = checks(done)
    assert found["daemon"][0]["verdict"] == "warn"
    assert found["daemon"][0]["todo"].startswith("`reconnect start` starts it, `reconnect service")
    assert found["entries"][0]["text"] == "1 entries, each as it was stored"
    assert found["zone"][0]["text"] == "Europe/Berlin: it is Monday 12:00 (machine's)"
    assert found["private"][0]["verdict"] == "ok"
    plain = cli("doctor")
    assert "warn    daemon: does not run" in plain.out
    assert "        -> `reconnect start` starts it" in plain.out
    assert "\x1b" not in plain.out


def test_the_running_daemon_and_late_reminders(
    cli: Run, clock: Clock, terminal: Callable[..., Terminal]
) -> None:
    cli("adopt", "listen", "--at", "19:30")
    clock.set("2026-11-23T20:00:00+01:00")
    late = checks(cli("doctor", "--json"))["deliveries"][0]
    assert late["verdict"] == "warn"
    assert late["text"] == "1 of 1 waiting reminders are late by more than 10 minutes"
    shown = terminal("daemon", "run")
    shown.expect("started")
    text = checks(cli("doctor", "--json"))["daemon"][0]["text"]
    assert text.startswith("running since 20:00 (process ")
    assert text.endswith("last tick 20:00, next reminder: tomorrow 19:30")


def test_files_that_others_can_read(cli: Run, home: Path) -> None:
    cli("adopt", "listen")
    (home / "reconnect.db").chmod(0o644)
    home.chmod(0o755)
    done = cli("doctor", "--json")
    assert done.code == 0
    loose = checks(done)["private"]
    assert [check["todo"] for check in loose] == [
        f"chmod 700 '{home}'", f"chmod 600 '{home}/reconnect.db'",
    ]  # fmt: skip
    assert {check["verdict"] for check in loose} == {"warn"}


def test_a_wrong_config_is_a_problem_and_the_rest_is_still_looked_at(cli: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text("[daemon]\nsenders = 0")
    done = cli("doctor", "--json")
    assert done.code == 1
    found = checks(done)
    assert "line 2: daemon.senders: expected a whole number" in found["config"][0]["text"]
    assert found["plugins"][0]["verdict"] == "ok"
    assert found["database"][0]["verdict"] == "ok"


def test_a_secret_that_is_missing_is_a_warning(cli: Run, home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "config.toml").write_text('[channels.a]\nurl = "env:NOT_THERE"')
    (home / "config.toml").chmod(0o600)
    done = cli("doctor", "--json")
    assert done.code == 0
    (check,) = checks(done)["config"]
    assert check["verdict"] == "warn"
    assert "NOT_THERE is not set" in check["text"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE entry SET note = 'other' WHERE id = 2",
         "1 of 8 entries are not what was stored: number 2 of 2026-11-23"),
        ("UPDATE entry SET note = CAST(X'ff' AS TEXT)",
         "8 of 8 entries are not what was stored: number 1 of 2026-11-23, number 2"),
        ("PRAGMA user_version = 77", "written by a newer reconnect (schema 77"),
    ],
)  # fmt: skip
def test_damage_ends_with_code_5(cli: Run, home: Path, change: str, expected: str) -> None:
    cli("adopt", "listen")
    for number in range(8):
        cli("log", "listen", number + 1)
    db = sqlite3.connect(home / "reconnect.db", isolation_level=None)
    db.execute(change)
    db.close()
    done = cli("doctor", "--json")
    assert done.code == 5
    bad = [check for check in done.json()["checks"] if check["verdict"] == "damaged"]
    assert expected in bad[0]["text"]
    assert done.json()["ok"] is False


def test_it_gets_to_the_end_with_any_bit_flipped(cli: Run, home: Path) -> None:
    cli("adopt", "listen")
    for number in range(90):
        cli("log", "listen", number + 1, "--id", f"id-{number}")
    db = sqlite3.connect(home / "reconnect.db")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    file = home / "reconnect.db"
    whole = file.read_bytes()
    drawn = random.Random(7)  # noqa: S311 - the same flips each time
    codes = []
    for _ in range(60):
        spoilt = bytearray(whole)
        spoilt[drawn.randrange(len(spoilt))] ^= 1 << drawn.randrange(8)
        for end in ("-wal", "-shm"):
            (home / f"reconnect.db{end}").unlink(missing_ok=True)
        file.write_bytes(spoilt)
        done = cli("doctor")
        assert "this check itself failed" not in done.out
        assert "Traceback" not in done.out + done.err
        codes.append(done.code)
    assert set(codes) <= {0, 1, 5}
    assert codes.count(5) >= 5
    assert codes.count(1) <= 3


def test_a_directory_that_cannot_be_written(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "home"
    monkeypatch.setenv("RECONNECT_HOME", str(place))
    done = cli("doctor", "--json")
    assert done.code == 1
    check = checks(done)["directory"][0]
    assert check["text"] == f"{place} cannot be written"
    assert "RECONNECT_HOME" in check["todo"]


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/anna\\040m/disk ext4 rw 0 0
anna@host: /mnt/away fuse.sshfs rw 0 0
//nas/share /mnt/nas cifs rw 0 0
tmpfs /homestead tmpfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind", "verdict"),
    [
        ("/var/lib", "ext4", "ok"),
        ("/home/anna/.local", "nfs4", "warn"),
        ("/home/anna m/disk/x", "ext4", "ok"),
        ("/mnt/away", "fuse.sshfs", "warn"),
        ("/mnt/nas/x", "cifs", "warn"),
        ("/homestead/x", "tmpfs", "ok"),
    ],
)
def test_disks_of_other_machines(tmp_path: Path, path: str, kind: str, verdict: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert filesystem_of(path, str(mounts)) == kind
    app: Any = SimpleNamespace(paths=SimpleNamespace(data_dir=path))
    (check,) = network_mounts(app, str(mounts))
    assert check.verdict == verdict
    assert ("locks" in check.text) == (verdict == "warn")
    assert list(network_mounts(app, str(tmp_path / "gone"))) == []


def test_it_tells_on_a_damaged_clock_file(cli: Run, clock: Clock) -> None:
    clock.path.write_text("half past nine")
    done = cli("doctor")
    assert done.code in (1, 2)
    assert "Traceback" not in done.err


def test_a_copy_of_everything_is_well(
    cli: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("adopt", "listen")
    shutil.copytree(home, tmp_path / "copy")
    monkeypatch.setenv("RECONNECT_HOME", str(tmp_path / "copy"))
    assert cli("doctor").code == 0
