"""`ask`: over a pipe, on a terminal, and what its answers mean."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.conftest import GOOD, site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock, Rows, Run, Terminal
    from tests.rules.conftest import Site

__all__ = ["site"]

SIX = ("listen", "peace", "humor", "honesty", "inspire", "tone")

PLAIN = """
api = 1
id = "call"
title = "A call"
summary = "Call once a day."
asks = "One call."
why = "Because voices carry."

[[habits]]
id = "call"
title = "Call them at noon"

[[habits]]
id = "no-sighing"
title = "A day without a sigh"
goal = "at-most"

[[prompts]]
id = "call-01"
text = "Ask about the lunch."

[[lapses]]
id = "sighed"
title = "I sighed"
antidote = "Say what you wish for."
"""

HEARING = """
@hookimpl
def reconnect_entry_recorded(entry, session):
    session.say(f"heard {entry.kind} {entry.fields}")


@hookimpl
def reconnect_entry_taken_back(entry, session):
    session.say("heard taken back")
"""


@pytest.fixture
def six(cli: Run) -> None:
    for rule in SIX:
        cli("adopt", rule)


@pytest.fixture
def plain(home: Path) -> None:
    place = home / "rules" / "call"
    place.mkdir(parents=True)
    (place / "rule.toml").write_text(PLAIN, encoding="utf-8")


def logged(cli: Run, *, notes: bool = False) -> list[dict[str, Any]]:
    shown = cli("history", "--json", *(["--notes"] if notes else [])).json()
    return [entry for day in shown["days"] for entry in day["entries"]]


def by_habit(cli: Run) -> dict[str, tuple[str, dict[str, Any]]]:
    return {entry["habit"]: (entry["kind"], entry["fields"]) for entry in logged(cli)}


@pytest.mark.usefixtures("six")
def test_six_habits_with_six_answers(cli: Run) -> None:
    done = cli("ask", stdin="\n2\ny\n1\n3\n4\n")
    assert (done.code, done.out) == (0, "")
    assert by_habit(cli) == {
        "listen": ("done", {"minutes": 8}),
        "peace": ("done", {"day": "mixed"}),
        "humor": ("done", {"laughs": 1}),
        "honesty": ("done", {"kind": "hard-truth"}),
        "inspire": ("done", {"kind": "celebrated"}),
        "tone": ("done", {"tone": 4}),
    }
    assert "6 open" in done.err
    assert "6 answered" in done.err
    assert "left" not in done.err
    assert "Nothing is open today." in cli("ask").err


@pytest.mark.usefixtures("six")
def test_what_breaks_first_is_asked_first(cli: Run) -> None:
    def asked() -> list[str]:
        lines = cli("ask", stdin="l\n" * 9).err.splitlines()
        return [line.split(" · ")[0] for line in lines if " · " in line][1:]

    assert asked() == ["listen", "peace", "humor", "honesty", "inspire", "tone"]
    cli("adopt", "sincerity")
    assert "sincerity" not in asked()  # due on Sunday
    cli("habits", "edit", "honesty", "--days", "daily")
    assert asked() == ["listen", "peace", "humor", "honesty", "inspire", "tone"]
    cli("habits", "edit", "listen", "--days", "mon")
    assert asked() == ["peace", "humor", "honesty", "inspire", "listen", "tone"]


@pytest.mark.usefixtures("six")
def test_every_verb(cli: Run) -> None:
    done = cli("ask", stdin="n\ns\nlater\nq\n")
    assert by_habit(cli) == {"listen": ("no", {}), "peace": ("skip", {})}
    assert "2 answered, 4 left for later" in done.err
    assert "humor" in cli("ask").err  # left for later, and asked again
    assert "peace" not in cli("ask").err


@pytest.mark.usefixtures("six")
def test_a_note_goes_with_the_next_answer(cli: Run) -> None:
    cli("ask", stdin="t\nThe rain, and you.\n12\n-\nA second note\nl\n")
    (entry,) = logged(cli, notes=True)
    assert (entry["fields"], entry["note"]) == ({"minutes": 12}, "The rain, and you.")
    assert "the note was not kept" in cli("ask", stdin="-\nA note\nl\n").err


@pytest.mark.usefixtures("six")
def test_an_answer_is_taken_back(cli: Run) -> None:
    cli("ask", stdin="8\n1\nu\nu\n20\n3\nu\nq\n")
    assert by_habit(cli) == {"listen": ("done", {"minutes": 20})}
    assert "nothing to take back yet" in cli("ask", "listen", stdin="u\nl\n").err


@pytest.mark.usefixtures("six")
def test_what_cannot_be_read_ends_it_and_what_came_before_is_kept(cli: Run) -> None:
    done = cli("ask", stdin="8\nsunny\n3\n1\n")
    assert done.code == 2
    assert "line 2 of the answers: day: 'sunny' is not one of peaceful, mixed, stormy" in done.err
    assert by_habit(cli) == {"listen": ("done", {"minutes": 8})}
    assert cli("ask", stdin=b"\xff\xfe\n").code == 2
    assert cli("ask", stdin="y\n").code == 2  # yes says nothing of three words
    assert cli("ask", stdin="9\n").code == 2
    assert len(logged(cli)) == 1


@pytest.mark.usefixtures("six")
def test_the_end_of_the_pipe_leaves_the_rest(cli: Run) -> None:
    done = cli("ask", stdin="8\n")
    assert (done.code, len(logged(cli))) == (0, 1)
    assert "1 answered, 5 left for later" in done.err


def test_an_amount_takes_the_target_what_is_left_of_it_or_a_number(cli: Run) -> None:
    cli("adopt", "listen")
    assert "[8 minutes]" in cli("ask").err
    cli("log", "listen", "5")
    assert "Nothing is open" in cli("ask").err  # answered, though below the target
    assert "[3 minutes]" in cli("ask", "listen", stdin="y\n").err
    assert cli("today", "--json").json()["habits"][0]["amount"] == 8
    assert cli("ask", "listen", stdin="481\n").code == 2
    assert cli("ask", "listen", stdin="2.5\n").code == 2


def test_a_scale_and_a_count(cli: Run) -> None:
    for rule in ("sincerity", "humor"):
        cli("adopt", rule, "--days", "daily")
    cli("ask", "sincerity", "humor", stdin="10\n12\n")
    assert by_habit(cli) == {
        "sincerity": ("done", {"heart": 10}),
        "humor": ("done", {"laughs": 12}),
    }


def test_a_text_is_the_answer_itself_or_follows_a_yes(cli: Run) -> None:
    cli("adopt", "support", "--days", "daily")
    cli("ask", stdin="Cooked while she practised\n")
    cli("ask", "support", stdin="y\nno\n")
    assert [e["fields"] for e in logged(cli)] == [
        {"act": "Cooked while she practised"},
        {"act": "no"},
    ]


@pytest.mark.usefixtures("plain")
def test_a_plain_habit_is_yes_no_or_later(cli: Run) -> None:
    cli("adopt", "call")
    shown = cli("ask", stdin="\n")
    assert "Call them at noon?" in shown.err
    assert not logged(cli)  # Enter makes nothing up
    assert cli("ask", stdin="7\n").code == 2
    cli("ask", stdin="YES\n")
    assert by_habit(cli) == {"call": ("done", {})}


@pytest.mark.usefixtures("plain")
def test_nobody_is_asked_for_a_slip(cli: Run) -> None:
    cli("adopt", "call", "no-sighing")
    cli("adopt", "tone")
    shown = cli("ask").err
    assert "1 open" in shown
    assert "How did your own voice sound" in shown
    assert "contempt" not in shown
    named = cli("ask", "no-sighing", stdin="y\n")
    assert "there is nothing to ask; `reconnect lapse no-sighing` logs a slip" in named.err
    assert not logged(cli)


@pytest.mark.usefixtures("six")
def test_a_day_before(cli: Run, clock: Clock) -> None:
    assert "Nothing is open on 2026-11-22." in cli("ask", "--on", "yesterday").err  # taken up later
    clock.move(days=1)
    done = cli("ask", "--on", "yesterday", stdin="\n1\n")
    assert "Monday, 23 November 2026: 6 open" in done.err
    assert {entry["day"] for entry in logged(cli)} == {"2026-11-23"}
    for wrong in ("tomorrow", "2026-12-01", "soon"):
        assert cli("ask", "--on", wrong).code == 2
    assert cli("ask", "--on", "2026-11-20", "listen").code == 2


def test_habits_by_name(cli: Run, rows: Rows) -> None:
    cli("adopt", "listen")
    cli("adopt", "apology", "apology")
    before = rows()
    assert cli("ask", "peace").code == 3
    assert rows() == before
    cli("ask", "apology", stdin="1\n")  # when needed: asked only by name
    assert by_habit(cli) == {"apology": ("done", {"kind": "apology"})}


def test_a_week_that_is_kept_is_not_asked_about(cli: Run, clock: Clock) -> None:
    cli("adopt", "inspire")  # Monday, Wednesday, Friday
    for day in range(3):
        cli("log", "inspire", "asked")
        clock.move(days=1)
        assert ("inspire" in cli("ask").err) is (day == 1)
    clock.set("2026-11-27T12:00:00+01:00")  # the Friday, with three of three
    assert "Nothing is open" in cli("ask").err
    clock.set("2026-12-05T12:00:00+01:00")  # the Saturday after: two days for three
    assert "Nothing is open" in cli("ask").err
    cli("log", "inspire", "asked", "--on", "-2")
    cli("log", "inspire", "asked", "--on", "-1")
    clock.set("2026-12-06T12:00:00+01:00")  # not due on Sundays, but the last chance of the week
    assert "inspire" in cli("ask").err


def test_the_plugin_hears_of_it(cli: Run, site: Site) -> None:
    site.install("tea", f"{GOOD}{HEARING}")
    cli("adopt", "tea")
    cli("adopt", "peace")
    done = cli("ask", "tea", "peace", stdin="3\nu\n2\n")
    assert [line for line in done.err.splitlines() if "heard" in line] == [
        "heard done {'cups': 3}",
        "heard taken back",
        "heard done {'cups': 2}",
    ]
    assert by_habit(cli) == {"tea": ("done", {"cups": 2})}


def test_help_is_offered_once_at_the_end(cli: Run, clock: Clock) -> None:
    cli("adopt", "honesty", "--days", "daily")
    cli("adopt", "sincerity", "--days", "daily")
    for _ in range(2):
        cli("log", "sincerity", "2")
        clock.move(days=1)
    done = cli("ask", stdin="1\n1\n")
    assert done.err.count("What to look for:") <= 1
    assert "counsellor" in done.err
    assert "counsellor" not in cli("ask", "sincerity", stdin="1\n").err


def test_json_says_what_was_stored(cli: Run) -> None:
    cli("adopt", "listen")
    cli("adopt", "peace")
    told = cli("ask", "--json", stdin="20\n").json()
    assert told["left"] == ["peace"]
    assert [entry["fields"] for entry in told["entries"]] == [{"minutes": 20}]


def test_a_rule_that_is_gone_is_left_out(cli: Run, letter: Path) -> None:
    cli("adopt", "listen")
    cli("adopt", "letter", "--days", "daily")
    letter.unlink()
    done = cli("ask", stdin="\n")
    assert "letter is left out" in done.err
    assert by_habit(cli) == {"listen": ("done", {"minutes": 8})}


def test_before_anything_is_adopted(cli: Run) -> None:
    assert "Nothing adopted yet" in cli("ask").err
    assert cli("ask").code == 0


def test_a_kill_keeps_what_was_answered(cli: Run, terminal: Callable[..., Terminal]) -> None:
    cli("adopt", "listen")
    cli("adopt", "peace")
    shown = terminal("ask")
    shown.expect(r"\[8 minutes\] > ")
    shown.press("\r")
    shown.expect("1-3 > ")
    shown.process.kill()
    shown.process.wait()
    assert by_habit(cli) == {"listen": ("done", {"minutes": 8})}


@pytest.mark.usefixtures("six")
def test_six_keys_on_a_terminal(cli: Run, terminal: Callable[..., Terminal]) -> None:
    shown = terminal("ask")
    for prompt, key in zip(
        (r"\[8 minutes\] > ", "1-3 > ", "y = 1.* > ", "1-3 > ", "1-3 > ", "1-5 > "), "\r1y132",
        strict=True,
    ):  # fmt: skip
        shown.expect(prompt)
        shown.press(key)
    assert shown.end() == 0
    assert "6 answered" in shown.text
    assert by_habit(cli)["tone"] == ("done", {"tone": 2})


@pytest.mark.usefixtures("six")
def test_keys_typed_ahead_all_count(cli: Run, terminal: Callable[..., Terminal]) -> None:
    shown = terminal("ask")
    shown.expect(r"\[8 minutes\] > ")
    shown.press("15\r3\x1b[Ay13ta note, in a hurry\r5")
    assert shown.end() == 0
    assert len(by_habit(cli)) == 6
    assert by_habit(cli)["listen"] == ("done", {"minutes": 15})
    notes = {entry["habit"]: entry["note"] for entry in logged(cli, notes=True)}
    assert notes["tone"] == "a note, in a hurry"


def test_typing_on_a_terminal(cli: Run, terminal: Callable[..., Terminal]) -> None:
    for rule in ("listen", "sincerity", "support"):
        cli("adopt", rule, "--days", "daily")
    shown = terminal("ask", "listen", "sincerity", "support")
    shown.expect("minutes] > ")
    shown.press("?")
    shown.expect("take the last answer back")
    shown.press("x")
    shown.expect("is no answer|is not a whole number")
    shown.press("999\r")
    shown.expect("'999' is not a whole number from 1 to 480")
    shown.press("12\x7f3\r")
    shown.expect("13 minutes")
    shown.expect("0-10 > ")
    shown.press("1")  # it may become 10
    shown.press("\r")
    shown.expect("heart 1")
    shown.press("u")
    shown.expect("back to sincerity")
    shown.expect("0-10 > ")
    shown.press("10")
    shown.expect("heart 10")
    shown.press("y")
    shown.expect("in a few words > ")
    shown.send("Drove her to the lesson")
    assert shown.end() == 0
    assert by_habit(cli) == {
        "listen": ("done", {"minutes": 13}),
        "sincerity": ("done", {"heart": 10}),
        "support": ("done", {"act": "Drove her to the lesson"}),
    }


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("\x04", 0), ("\x03", 130)])
def test_stopping_keeps_what_was_answered_and_the_terminal(
    cli: Run, terminal: Callable[..., Terminal], key: str, code: int
) -> None:
    import termios

    cli("adopt", "listen")
    cli("adopt", "peace")
    shown = terminal("ask")
    shown.expect("minutes] > ")
    shown.press("\r")
    shown.expect("1-3 > ")
    shown.press(key)
    assert shown.end() == code
    assert "1 answered, 1 left for later" in shown.text
    assert "Traceback" not in shown.text
    assert by_habit(cli) == {"listen": ("done", {"minutes": 8})}
    assert termios.tcgetattr(shown._master)[3] & termios.ICANON


def test_a_dumb_terminal_is_asked_line_by_line(cli: Run, terminal: Callable[..., Terminal]) -> None:
    cli("adopt", "peace")
    shown = terminal("ask", TERM="dumb")
    shown.expect("1-3 > ")
    shown.send("7")
    shown.expect("'7' is not one of")
    shown.send("peaceful")
    assert shown.end() == 0
    assert by_habit(cli) == {"peace": ("done", {"day": "peaceful"})}


def test_it_never_asks_where_it_should_not(cli: Run, terminal: Callable[..., Terminal]) -> None:
    cli("adopt", "peace")
    shown = terminal("--no-input", "ask")
    assert shown.end() == 2
    assert "ask needs answers" in shown.text
    assert cli("--no-input", "ask", stdin="1\n").code == 0
    assert len(logged(cli)) == 1


def test_what_somebody_else_logs_meanwhile_is_not_logged_twice(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    for rule in ("listen", "peace", "humor"):
        cli("adopt", rule)
    shown = terminal("ask")
    shown.expect("minutes] > ")
    cli("log", "listen", 20)
    cli("log", "humor", 3)
    shown.press("\r")
    shown.expect("listen was logged meanwhile")
    shown.expect("1-3 > ")
    shown.press("1")
    shown.expect("humor was logged meanwhile")
    assert shown.end() == 0
    assert [(one["habit"], one["fields"]) for one in logged(cli)] == [
        ("listen", {"minutes": 20}), ("humor", {"laughs": 3}), ("peace", {"day": "peaceful"}),
    ]  # fmt: skip


def test_two_at_once_store_each_answer_once(cli: Run, terminal: Callable[..., Terminal]) -> None:
    cli("adopt", "listen")
    both = [terminal("ask"), terminal("ask")]
    for one in both:
        one.expect("minutes] > ")
    for one in both:
        one.press("\r")
    assert [one.end() for one in both] == [0, 0]
    assert len(logged(cli)) == 1


def test_what_was_taken_back_meanwhile_is_asked_again(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    cli("adopt", "listen")
    cli("adopt", "peace")
    shown = terminal("ask")
    shown.expect("minutes] > ")
    shown.press("\r")
    shown.expect("1-3 > ")
    assert cli("undo", "--yes").code == 0
    shown.press("u")
    shown.expect("back to listen")
    shown.expect("minutes] > ")
    shown.press("q")
    assert shown.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(
    cli: Run, terminal: Callable[..., Terminal], number: int
) -> None:
    import termios

    cli("adopt", "listen")
    cli("adopt", "peace")
    shown = terminal("ask")
    shown.expect("minutes] > ")
    shown.press("\r")
    shown.expect("1-3 > ")
    assert not termios.tcgetattr(shown._master)[3] & termios.ECHO
    shown.process.send_signal(number)
    assert shown.end() == -number
    assert termios.tcgetattr(shown._master)[3] & (termios.ECHO | termios.ICANON)
    assert by_habit(cli) == {"listen": ("done", {"minutes": 8})}


def test_a_stop_gives_the_terminal_back_and_going_on_shows_the_question_again(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    import termios

    def echoes() -> bool:
        return bool(termios.tcgetattr(shown._master)[3] & termios.ECHO)

    cli("adopt", "listen")
    shown = terminal("ask")
    shown.expect("minutes] > ")
    shown.press("1")
    shown.expect("1")
    # In a session of its own it is orphaned, where Ctrl-Z stops nobody: SIGSTOP always does.
    shown.process.send_signal(signal.SIGSTOP)
    os.waitpid(shown.process.pid, os.WUNTRACED)
    shown.process.send_signal(signal.SIGCONT)
    shown.expect(r"\r  \[8 minutes\] > 1")
    assert not echoes()
    shown.process.send_signal(signal.SIGTSTP)
    shown.press("2\r")
    shown.expect("12 minutes")
    assert shown.end() == 0
    assert echoes()


def test_going_on_leaves_a_note_that_is_typed_visible(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    import termios

    cli("adopt", "listen")
    shown = terminal("ask")
    shown.expect("minutes] > ")
    shown.press("t")
    shown.expect("note > ")
    shown.process.send_signal(signal.SIGCONT)
    shown.send("a quiet one")
    shown.expect("a quiet one")
    shown.expect("minutes] > ")
    shown.press("\r")
    assert shown.end() == 0
    assert [one["note"] for one in logged(cli, notes=True)] == ["a quiet one"]
    assert termios.tcgetattr(shown._master)[3] & termios.ECHO
