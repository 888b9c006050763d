"""`fade`: be reminded less of what runs by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from reconnect.cli import complete
from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, table, talk
from reconnect.errors import UsageError

if TYPE_CHECKING:
    from reconnect.model.habit import Habit
    from reconnect.reminders.fading import Standing

_COMES = {1: "every time", 2: "every second time", 4: "every fourth time", 0: "not any more"}
_LESS = {1: "every second one", 2: "every fourth one", 4: "none of them"}


@click.command("fade")
@click.argument("habit", required=False, shell_complete=complete.active)
@click.option(
    "--yes", "said", flag_value="yes", help="Remind half as often; in the end not at all."
)
@click.option("--no", "said", flag_value="no", help="Go on as it is, and do not ask again.")
@click.option("--later", "said", flag_value="later", help="Ask again in four weeks.")
@click.option("--back", "said", flag_value="back", help="Remind as often as it was set up.")
@json_option
@pass_app
def fade_command(
    app: App,
    habit: str | None,
    said: Literal["yes", "no", "later", "back"] | None,
    as_json: bool,
) -> None:
    """Be reminded less of a habit that runs by itself; without HABIT, show how all of them stand.

    Reminders help a habit to begin, and hinder it from becoming one that needs none. A yes halves
    them, another one four weeks later halves them again, a third one stops them. When the habit
    gets harder, or is missed three times in a row, all of them come back by themselves.
    """
    from reconnect.reminders.fading import answer
    from reconnect.store import habits

    if habit is None:
        if said is not None:
            raise UsageError("of which habit? `reconnect fade HABIT --yes`")
        _show(app, habits.listed(app.looking, app.person.id), as_json=as_json)
        return
    kept = app.habit(habit)
    if said is None:
        if as_json or not app.may_ask:
            _show(app, [kept], as_json=as_json)
            return
        said = _ask(app, kept)
        if said is None:
            return
    after = answer(app.db, app.person, kept, app.now, app.settings, said)
    if as_json:
        _show(app, [kept], as_json=True)
    elif said == "no":
        talk(f"{kept.name} goes on as it is, and nothing is asked again.")
    elif said == "later":
        talk(f"{kept.name} goes on as it is. It is asked again in four weeks.")
    else:
        talk(f"The reminders of {kept.name} come {_COMES[after.every_nth]} now.")
        if after.every_nth != 1:
            talk(f"If it gets harder they come back. `reconnect fade {kept.name} --back` does it.")


def _ask(app: App, habit: Habit) -> Literal["yes", "no", "later"] | None:
    standing = _standings(app, [habit])[0]
    if standing.fading.every_nth not in _LESS:
        _show(app, [habit], as_json=False)
        return None
    choices: click.Choice[Literal["yes", "no", "later"]] = click.Choice(["yes", "no", "later"])
    talk(f"Reminders of {habit.name} come {_COMES[standing.fading.every_nth]}.")
    question = f"Let only {_LESS[standing.fading.every_nth]} come"
    if standing.fading.every_nth == max(_LESS):
        question = "Let none of them come any more"
    said: Literal["yes", "no", "later"] = click.prompt(
        question, type=choices, default="later", err=True
    )
    return said


def _show(app: App, kept: list[Habit], *, as_json: bool) -> None:
    from reconnect.reminders.fading import is_open

    found = _standings(app, kept)
    if as_json:
        print_json("fading", {"habits": [_dict(app, one) for one in found]})
        return
    if not found:
        talk("Nothing adopted yet: `reconnect rules` shows what there is.")
        return
    rows = []
    for habit, fading, strength in found:
        open_one = is_open(fading, app.today)
        said = "asked: remind less?" if open_one else (fading.answer or "-")
        rows.append([habit.name, _percent(strength), _COMES[fading.every_nth], said])
    data(table(["habit", "strength", "reminders come", "answer"], rows))
    if len(found) == 1 and found[0].fading.every_nth in _LESS:
        name = found[0].habit.name
        talk(f"`reconnect fade {name} --yes` halves them; --no, --later and --back are the others.")


def _standings(app: App, kept: list[Habit]) -> list[Standing]:
    from reconnect.reminders.fading import standings

    return standings(app.looking, app.person, kept, app.today)


def _percent(strength: float | None) -> str:
    from reconnect.habits.saying import strength_text

    return "-" if strength is None else strength_text(strength)


def _dict(app: App, standing: Standing) -> dict[str, Any]:
    from reconnect.reminders.fading import is_open

    habit, fading, strength = standing
    return {
        "habit": habit.name,
        "strength": None if strength is None else round(strength, 4),
        "every_nth": fading.every_nth,
        "since": fading.since.isoformat() if fading.since else None,
        "asked": fading.asked.isoformat() if fading.asked else None,
        "open": is_open(fading, app.today),
        "answer": fading.answer,
    }
