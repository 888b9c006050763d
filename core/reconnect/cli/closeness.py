"""`closeness`: once a week, which of seven pairs of circles is most like the two of you."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, look, style, talk, wrapped
from reconnect.errors import NotFoundError, UsageError
from reconnect.model.week import Week, parse_week

if TYPE_CHECKING:
    from reconnect.review.comparing import Compared

WEEKS = 26


@click.command("closeness")
@click.argument("circles", required=False, type=click.IntRange(1, 7), metavar="[1-7]")
@click.option("--week", "given", metavar="WEEK", help="Of this week: last, -2, 2026-W46.")
@click.option("--remove", is_flag=True, help="Take back what was picked for the week.")
@click.option(
    "--weeks", type=click.IntRange(1, 520), default=WEEKS, metavar="N",
    help=f"Show so many of the last weeks ({WEEKS} unless told).",
)  # fmt: skip
@click.option("--compare", is_flag=True, help="Show every comparison with your habits.")
@json_option
@pass_app
def closeness_command(
    app: App,
    circles: int | None,
    given: str | None,
    remove: bool,
    weeks: int,
    compare: bool,
    as_json: bool,
) -> None:
    """Say how close you feel, once a week: pick one of seven pairs of circles.

    Picked again in the same week, the new pair takes the place of the old one.
    """
    week = parse_week(given, app.today) if given is not None else Week.of(app.today)
    if remove:
        if circles is not None:
            raise UsageError("--remove takes a pair back, and a number picks one: give one of them")
        _remove(app, week)
    elif circles is not None:
        _pick(app, week, circles, quiet=as_json)
    if as_json:
        print_json("closeness", _json(app, week, weeks))
        return
    if circles is not None or remove:
        return
    _show_pairs(app, week)
    _ask(app, week)
    _show_weeks(app, weeks)
    _show_compared(app, whole=compare)


def ask_for(app: App, week: Week) -> None:
    """Show the pairs, and ask for one of a week that has none; Enter leaves it open."""
    _show_pairs(app, week, talk)
    _ask(app, week)


def _pick(app: App, week: Week, circles: int, *, quiet: bool = False) -> None:
    from reconnect.clock import to_ms
    from reconnect.review.charts.circles import as_text
    from reconnect.review.wording import week_text
    from reconnect.store import closeness
    from reconnect.store.database import writing

    with writing(app.db):
        before = closeness.get(app.db, app.person.id, week)
        closeness.put(app.db, app.person.id, week, circles, to_ms(app.now))
    if quiet:
        return
    talk(f"{style(as_text(circles).rstrip(), bold=True)}  {circles} of 7, {week_text(week)}")
    of = "" if week == Week.of(app.today) else f" --week {week.id}"
    if before not in (None, circles):
        talk(
            style(f"It was {before}: `reconnect closeness {before}{of}` puts that back.", dim=True)
        )
    elif before is None:
        talk(style(f"`reconnect closeness{of} --remove` takes it back.", dim=True))


def _remove(app: App, week: Week) -> None:
    from reconnect.store import closeness
    from reconnect.store.database import empty_log, writing

    before = closeness.get(app.looking, app.person.id, week)
    if before is None:
        raise NotFoundError(f"nothing is picked for {week.id}: there is nothing to take back")
    with writing(app.db):
        closeness.delete(app.db, app.person.id, week)
    empty_log(app.db)
    talk(f"taken back: {before} of 7, {week.id}")


def _show_pairs(app: App, week: Week, put: Any = data) -> None:
    from reconnect.review.charts.pairs import pairs
    from reconnect.review.wording import week_text
    from reconnect.store import closeness

    chosen = closeness.get(app.looking, app.person.id, week)
    put(style(wrapped(f"Closeness, {week_text(week)}"), bold=True))
    put("")
    for line in pairs(look().width - 2, ascii_only=not look().unicode):
        parts = [_marked(text, step, chosen) for step, text in line]
        put(f"  {''.join(parts)}".rstrip())
    put("")


def _marked(text: str, step: int | None, chosen: int | None) -> str:
    if step is None or chosen is None:
        return text
    return style(text, bold=step == chosen, dim=step != chosen)


def _ask(app: App, week: Week) -> None:
    from reconnect.review.wording import QUESTION
    from reconnect.store import closeness

    chosen = closeness.get(app.looking, app.person.id, week)
    of = "" if week == Week.of(app.today) else f" --week {week.id}"
    if chosen is not None:
        talk(style(f"You picked {chosen}. `reconnect closeness N{of}` changes it.\n", dim=True))
    elif not app.may_ask:
        talk(f"{QUESTION} `reconnect closeness N{of}`, with 1 to 7 for N.\n")
    else:
        talk(wrapped(f"{QUESTION} There is no right one. Enter leaves it open."))
        picked = _number()
        if picked is not None:
            _pick(app, week, picked)
        talk("")


def _number() -> int | None:
    while given := click.prompt("1 to 7", default="", show_default=False, err=True).strip():
        if given in "1234567" and len(given) == 1:
            return int(given)
        talk("A number from 1 to 7, please, or Enter for none.")
    return None


def _show_weeks(app: App, weeks: int) -> None:
    from reconnect.review.charts.terminal import draw
    from reconnect.review.closeness import closeness_figure

    figure = closeness_figure(app.looking, app.person.id, Week.of(app.today), weeks)
    if figure.weeks:
        data("\n".join(draw(figure, look())))


def _show_compared(app: App, *, whole: bool) -> None:
    from reconnect.review import wording

    found = _compared(app)
    shown = found.comparisons if whole else found.comparisons[: wording.SHOWN]
    if not shown:
        if whole:
            data("\n" + wrapped(wording.too_few(found)))
        return
    data(style("\nBeside your habits", bold=True))
    for one in shown:
        data(wrapped(wording.comparison_text(one), 2))
        data("")
    looks = wording.many_looks(found, len(shown))
    data(wrapped(f"{wording.NO_PROOF} {looks}".strip()))
    talk("\n" + style(wrapped(wording.SOURCE), dim=True))


def _compared(app: App) -> Compared:
    from reconnect.review.comparing import compared

    rules = {rule.id: rule for rule in app.catalog.rules()}
    return compared(app.looking, app.person.id, rules, app.today)


def _json(app: App, week: Week, weeks: int) -> dict[str, Any]:
    from reconnect.review.comparing import ENOUGH
    from reconnect.review.wording import NO_PROOF, SOURCE
    from reconnect.store import closeness

    this = Week.of(app.today)
    of_week = closeness.get(app.looking, app.person.id, week)
    found = closeness.between(app.looking, app.person.id, this.plus(1 - weeks), this)
    compared = _compared(app)
    return {
        "week": week.id,
        "circles": of_week,
        "weeks": [
            {"week": one.week.id, "week_of": one.week.monday.isoformat(), "circles": one.circles}
            for one in found
        ],
        "compared": {
            "weeks": compared.weeks,
            "needed_a_side": ENOUGH,
            "asked": compared.asked,
            "comparisons": [
                {
                    "rule": one.rule,
                    "habit": one.habit,
                    "words": one.words,
                    "mean_inside": one.inside,
                    "mean_outside": one.outside,
                    "weeks_inside": one.weeks_inside,
                    "weeks_outside": one.weeks_outside,
                    "difference": one.difference.value,
                    "interval_95": [one.difference.low, one.difference.high],
                }
                for one in compared.comparisons
            ],
            "note": NO_PROOF,
        },
        "source": SOURCE,
    }
