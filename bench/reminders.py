"""How many reminders a second the whole path carries, as a ratio to bare `requests.post`.

    python bench/reminders.py [--count 10000] [--threads 8]

A real daemon process sends `count` reminders that fall due at one instant, through plan, claim,
prompt, Apprise and acknowledgement, to an HTTP receiver in a process of its own. The same receiver
then takes as many posts from `requests.post` on as many threads, before and after, and the ratio of
the rates is printed. Whatever the receiver did not get, or got twice, is counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

HERE = Path(__file__).resolve().parent
BAR = 0.6


def main() -> int:
    """Run the measurement; exit code 1 when a figure misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reconnect-bench-") as home:
        receiver = subprocess.Popen(
            [sys.executable, HERE / "receiver.py"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert receiver.stdout is not None
            url = f"http://127.0.0.1:{int(receiver.stdout.readline())}/"
            before = floor(url, options.count // 4, options.threads)
            rate, counts = through(home, url, options.count, options.threads)
            after = floor(url, options.count // 4, options.threads)
        finally:
            receiver.terminate()
            receiver.wait()
    best = max(before, after)
    lost = options.count - counts["distinct"]
    doubled = counts["total"] - counts["distinct"]
    print(f"requests.post, {options.threads} threads   {before:7.0f}/s before, {after:.0f}/s after")
    print(f"whole path, {options.count} due at once  {rate:7.0f}/s")
    print(f"ratio {rate / best:.2f} (bar {BAR}), lost {lost}, doubled {doubled}")
    return int(rate / best < BAR or lost != 0 or doubled != 0)


def floor(url: str, count: int, threads: int) -> float:
    """Posts a second that `requests.post` alone reaches, with a body of the same kind."""
    requests.delete(url, timeout=10)
    body = {"version": "1.0", "title": "A moment for us", "message": "x" * 140, "type": "info"}

    def post(_number: int) -> None:
        requests.post(url, json=body, timeout=(4, 4)).raise_for_status()

    with ThreadPoolExecutor(threads) as pool:
        begin = time.perf_counter()
        list(pool.map(post, range(count)))
        return count / (time.perf_counter() - begin)


def through(home: str, url: str, count: int, threads: int) -> tuple[float, dict[str, float]]:
    """Reminders a second from the instant they fall due to the last one's arrival."""
    os.environ["RECONNECT_HOME"] = home
    due = prepare(home, url, count, threads)
    requests.delete(url, timeout=10)
    daemon = subprocess.Popen(
        [sys.executable, "-m", "reconnect", "daemon", "run", "--log-level", "error"]
    )
    try:
        seen = {"total": 0.0}
        quiet_since = time.monotonic()
        while seen["total"] < count and time.monotonic() - quiet_since < 20:
            time.sleep(0.2)
            now = requests.get(url, timeout=10).json()
            if now["total"] != seen["total"]:
                quiet_since = time.monotonic()
            seen = now
    finally:
        daemon.terminate()
        daemon.wait()
    seen = requests.get(url, timeout=10).json()
    return seen["total"] / (seen["last"] - due.timestamp()), seen


def prepare(home: str, url: str, count: int, threads: int) -> datetime:
    """A home with a habit of listen and `count` reminders due at one instant; when that is."""
    from reconnect.cli.app import App
    from reconnect.habits.adopt import adopt, template_of
    from reconnect.reminders.late import NORMAL

    Path(home, "config.toml").write_text(
        f'[channels.hook]\nurl = "{url.replace("http", "json")}"\n'
        f'[person]\ntimezone = "UTC"\n[daemon]\nsenders = {threads}\n'
    )
    app = App()
    rule = app.catalog.rule("listen")
    assert rule is not None
    habit = adopt(app.db, app.person, rule, template_of(rule), app.now)
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=6)
    wall, due_ms = due.replace(tzinfo=None).isoformat(), int(due.timestamp() * 1000)
    app.db.execute("BEGIN")
    app.db.executemany(
        "INSERT INTO reminder (person_id, habit_id, role, rrule, dtstart_wall, next_due, catchup, "
        "window_s, priority, channels, created) VALUES (?, ?, 'do', 'FREQ=DAILY', ?, ?, 'latest', "
        "21600, ?, '[]', 0)",
        [(app.person.id, habit.id, wall, due_ms, NORMAL)] * count,
    )
    app.db.execute("COMMIT")
    app.db.close()
    return due


if __name__ == "__main__":
    sys.exit(main())
