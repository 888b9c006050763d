"""After a slip: its antidote, one small act, one prompt that offers the way back, then silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock, Rows, Run, Terminal
    from tests.plugins.conftest import Passing

PLAIN_WISH = "Say the plain wish that was inside the sarcasm."


@pytest.fixture(autouse=True)
def adopted(cli: Run, hooked: None) -> None:
    assert cli("adopt", "tone").code == 0  # reminds at a quarter past nine


def moment(cli: Run, prompt: str | None, rule: str = "tone") -> str:
    prompts = cli("rules", rule, "--json").json()["rule"]["prompts"]
    (found,) = [p["moment"] for p in prompts if p["id"] == prompt]
    return str(found)


def once(cli: Run) -> list[dict[str, Any]]:
    rows = cli("remind", "list", "--json").json()["reminders"]
    return [row for row in rows if not row["rrule"]]


def evening(after: int) -> str:
    return f"{date(2026, 11, 23) + timedelta(days=after)} 21:15"


def test_one_prompt_offers_the_way_back_then_there_is_silence(cli: Run, passing: Passing) -> None:
    assert cli("lapse", "tone", "sarcasm", "--remind", "13:00").code == 0
    act, text = passing.arrives("2026-11-23 13:00")
    # The small act is no way back of its own: the prompt is still to come.
    assert (act.prompt, text) == (None, PLAIN_WISH)
    moments = [moment(cli, passing.arrives(evening(after))[0].prompt) for after in range(12)]
    assert moments == ["re-entry"] + 11 * ["before"]


def test_each_slip_has_its_own_way_back(cli: Run, passing: Passing) -> None:
    moments = []
    for after in range(6):
        if after in (0, 3):
            passing.to(evening(after).replace("21:15", "18:00"))
            cli("lapse", "tone", "raised-voice")
        moments.append(moment(cli, passing.arrives(evening(after))[0].prompt))
    assert moments == ["re-entry", "before", "before", "re-entry", "before", "before"]


def test_two_habits_of_a_rule_offer_it_once(cli: Run, passing: Passing) -> None:
    cli("adopt", "tone", "soft-start", "--name", "soft")  # Monday, 17:45
    cli("lapse", "tone", "contempt")
    first, _ = passing.arrives("2026-11-23 17:45")
    second, _ = passing.arrives("2026-11-23 21:15")
    assert [moment(cli, one.prompt) for one in (first, second)] == ["re-entry", "before"]


def test_who_has_started_again_needs_no_way_back(cli: Run, clock: Clock, passing: Passing) -> None:
    cli("lapse", "tone", "contempt")
    clock.move(minutes=5)
    cli("tone", "restart", "--tone", "4")
    cli("lapse", "tone", "sarcasm", "--on", "yesterday")  # an older one changes nothing
    cli("adopt", "tone", "soft-start", "--name", "soft")
    sent, _ = passing.arrives("2026-11-23 17:45")
    assert moment(cli, sent.prompt) == "before"


def test_after_a_long_gap_one_welcome_then_silence(cli: Run, passing: Passing) -> None:
    cli("log", "tone", "4")
    moments = [moment(cli, passing.arrives(evening(after))[0].prompt) for after in range(1, 16)]
    assert moments == 9 * ["before"] + ["re-entry"] + 5 * ["before"]


def test_the_prompt_command_offers_it_once_too(cli: Run) -> None:
    cli("lapse", "tone", "contempt")
    told = [cli("prompt", "tone", "--json").json()["prompt"]["moment"] for _ in range(4)]
    assert told == ["re-entry", "before", "before", "before"]


# The reminder of the small act.


def test_a_time_that_is_none_writes_nothing(cli: Run, rows: Rows) -> None:
    before = rows()
    for wrong in ("25:00", "7", "", "soon"):
        done = cli("lapse", "tone", "sarcasm", "--remind", wrong)
        assert done.code == 2
        assert "is no time of day" in done.err
    assert rows() == before


def test_json_sets_the_reminder_too(cli: Run) -> None:
    told = cli("lapse", "tone", "sarcasm", "--remind", "13:00", "--json").json()
    assert told["next_act"] == PLAIN_WISH
    assert told["reminder"] == "2026-11-23T12:00:00+00:00"
    assert [row["next"] for row in once(cli)] == [["2026-11-23T12:00:00+00:00"]]
    assert cli("lapse", "tone", "sarcasm", "--json").json()["reminder"] is None


def test_sent_twice_it_reminds_once(cli: Run) -> None:
    for _ in range(2):
        assert cli("lapse", "tone", "sarcasm", "--remind", "13:00", "--id", "x").code == 0
    assert len(once(cli)) == 1


def test_it_says_where_nothing_runs_that_reminds(cli: Run) -> None:
    said = cli("lapse", "tone", "sarcasm", "--remind", "7:00").err
    assert "You will be reminded of it, tomorrow 07:00." in said
    assert "the daemon does not run" in said


def test_a_slip_without_an_act_reminds_of_the_habit(
    cli: Run, letter: None, passing: Passing
) -> None:
    cli("adopt", "letter", "--no-reminder")
    done = cli("lapse", "letter", "--remind", "13:00")
    assert done.code == 0, done.err
    sent, _ = passing.arrives("2026-11-23 13:00")
    assert sent.prompt == "letter-01"


@pytest.mark.parametrize(
    ("answers", "due"),
    [
        ((" 18:30 ",), ["2026-11-23T17:30:00+00:00"]),
        (("half past", "7:05"), ["2026-11-24T06:05:00+00:00"]),
        (("",), []),
    ],
)
def test_on_a_terminal_it_is_asked_for(
    cli: Run, terminal: Callable[..., Terminal], answers: tuple[str, ...], due: list[str]
) -> None:
    shown = terminal("lapse", "tone")
    shown.expect("2  I was sarcastic")
    shown.expect("Number: ")
    shown.send("2")
    shown.expect("Give the sentence back")
    shown.expect(f"Next: {PLAIN_WISH}")
    for number, answer in enumerate(answers):
        if number:
            shown.expect("is no time of day")
        shown.expect("Remind you of it at .HH:MM, Enter for no.: ")
        shown.send(answer)
    assert shown.end() == 0
    assert [row["next"][0] for row in once(cli)] == due


def test_ctrl_c_at_the_question_leaves_the_slip_logged(
    cli: Run, terminal: Callable[..., Terminal]
) -> None:
    shown = terminal("lapse", "tone", "contempt")
    shown.expect("Remind you of it at .*: ")
    shown.interrupt()
    assert shown.end() == 0
    assert once(cli) == []
    (day,) = cli("history", "--json").json()["days"]
    assert [entry["lapse"] for entry in day["entries"]] == ["contempt"]
