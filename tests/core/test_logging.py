"""Log lines: as text and as JSON, in files of the owner's alone, rotated, read back, followed."""

from __future__ import annotations

import json
import logging
import os
import threading
from typing import TYPE_CHECKING, cast

import pytest
from tests.reminders.live import until

from reconnect import logfile
from reconnect import logging as ours
from reconnect.logfile import LogFile, files, follow, newest_lines

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

log = logging.getLogger("reconnect.delivery")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave no handler behind."""
    root = logging.getLogger("reconnect")
    before = (root.handlers[:], root.level, root.propagate, logging.raiseExceptions)
    others = logging.getLogger().handlers[:]
    yield
    for handler in set(root.handlers) - set(before[0]):
        handler.close()
    root.handlers[:], root.level, root.propagate, logging.raiseExceptions = before
    logging.getLogger().handlers[:] = others


def open_log(path: Path, level: str = "info", form: ours.Form = "text", **sizes: int) -> None:
    ours.quiet()
    ours.add(LogFile(str(path), **sizes), level, form)


def test_each_named_value_is_a_key_of_the_json(tmp_path: Path) -> None:
    open_log(tmp_path / "l" / "daemon.log", form="json")
    log.info("delivery=%d reminder=%d channel=%s state=%s code=%s", 7, 3, "hook", "sent", "ok")
    log.warning("interrupted deliveries=%d: sent once more, may arrive twice", 2)
    log.error("cannot go on for now: %s", 'SQLITE_"BUSY"\n')
    log.info("started version=%s senders=%d of %s", "1", 8, "many")
    log.info("time=%s level=%s", "mine", "mine")
    log.info("100%")
    log.info("path=%s", tmp_path)
    one, two, three, four, five, six, seven = (
        json.loads(line) for line in newest_lines(str(tmp_path / "l" / "daemon.log"), 99)
    )
    assert one.pop("time").endswith("+00:00")
    assert one == {
        "level": "info", "logger": "reconnect.delivery", "message": "delivery",
        "delivery": 7, "reminder": 3, "channel": "hook", "state": "sent", "code": "ok",
    }  # fmt: skip
    assert (two["deliveries"], two["level"]) == (2, "warning")
    assert two["message"] == "interrupted : sent once more, may arrive twice"
    assert three["message"] == 'cannot go on for now: SQLITE_"BUSY"'
    assert (four["version"], four["senders"], four["message"]) == ("1", 8, "started of many")
    assert (five["level"], five["message"]) == ("info", "delivery")
    assert five["time"] != "mine"
    assert six["message"] == "100%"
    assert seven["path"] == str(tmp_path)


def test_files_are_private_and_turn_over_by_size(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "daemon.log"
    before = os.umask(0)
    try:
        open_log(path, most_bytes=2000)
        assert not path.parent.exists()
        for number in range(200):
            log.info("delivery=%d", number)
    finally:
        os.umask(before)
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "daemon.log", *(f"daemon.log.{n}" for n in range(1, 5)),
    ]  # fmt: skip
    assert {p.stat().st_mode & 0o777 for p in path.parent.iterdir()} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert all(p.stat().st_size <= 2000 for p in path.parent.iterdir())
    assert files(str(path)) == [*(f"{path}.{n}" for n in (4, 3, 2, 1)), str(path)]
    shown = [int(line.rpartition("=")[2]) for line in newest_lines(str(path), 60)]
    assert shown == list(range(140, 200))
    assert len(newest_lines(str(path), 100_000)) < 200


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    open_log(tmp_path / "file" / "daemon.log")
    log.info("delivery=%d", 1)
    open_log(tmp_path / "daemon.log")
    (tmp_path / "daemon.log").mkdir()
    log.info("delivery=%d", 2)
    assert capsys.readouterr() == ("", "")


def test_it_is_followed_over_a_turn_of_files(tmp_path: Path) -> None:
    path = tmp_path / "daemon.log"
    seen: list[str] = []

    def reads() -> None:
        for line in follow(str(path), 999):
            seen.append(line)
            if line == "anew":
                return

    reader = threading.Thread(target=reads, daemon=True)
    reader.start()
    open_log(path, most_bytes=1000)
    expected = [f"delivery={number}" for number in range(120)]
    for number in range(120):
        log.info("delivery=%d", number)
        if number % 15 == 14:
            # As in life, no two turns of the files lie between two looks.
            until(lambda number=number: len(seen) > number)
    until(lambda: len(seen) == 120)
    assert [line.rpartition(" ")[2] for line in seen] == expected
    # Half a line waits for its other half; a file that was emptied is read from its start.
    with path.open("a") as file:
        file.write("half ")
    log.info("of one")
    until(lambda: len(seen) == 121)
    assert seen[-1].startswith("half 20")
    path.write_text("anew\n")
    reader.join(20)
    assert seen[-1] == "anew"


def test_the_last_lines_come_first_when_it_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "daemon.log"
    open_log(path, most_bytes=500)
    for number in range(40):
        log.info("delivery=%d", number)
    lines = cast("Generator[str]", follow(str(path), 20))
    assert [next(lines).rpartition("=")[2] for _ in range(20)] == [str(n) for n in range(20, 40)]
    log.info("delivery=%d", 40)
    assert next(lines).endswith("delivery=40")
    lines.close()


def test_each_place_has_its_own_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours.log_to(None, "error", ours.PLAIN)
    ours.add(LogFile(str(tmp_path / "daemon.log")), "debug")
    log.debug("a")
    log.error("b")
    assert capsys.readouterr().err == "reconnect: b\n"
    assert len(newest_lines(str(tmp_path / "daemon.log"), 9)) == 2
    assert logfile.OLDER * logfile.MOST_BYTES < 10_000_000
