"""`review`: look back at a week in the terminal, as Markdown or as a page; choose for the next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, look, style, talk, wrapped
from reconnect.errors import UsageError
from reconnect.model.week import Week, parse_week

if TYPE_CHECKING:
    from reconnect.review.weekly import Review

_FILE = click.Path(allow_dash=True)
"""So that the shell completes names of files."""


@click.command("review")
@click.option("--week", "given", metavar="WEEK", help="Which week: this, last, -2, 2026-W46.")
@click.option(
    "--html", type=_FILE, metavar="FILE", help="Write it as a page of its own; - is stdout."
)
@click.option("--markdown", type=_FILE, metavar="FILE", help="Write it as Markdown; - is stdout.")
@click.option("--force", is_flag=True, help="Replace FILE even where it is no review.")
@click.option("--notes", is_flag=True, help="Put notes and private answers in, too.")
@click.option("--choose", metavar="TEXT", help='Choose one thing for the week after; "" is none.')
@json_option
@pass_app
def review_command(
    app: App,
    given: str | None,
    html: str | None,
    markdown: str | None,
    force: bool,
    notes: bool,
    choose: str | None,
    as_json: bool,
) -> None:
    """Look back at a week: what you kept, what landed warm, the way back, one thing for the next.

    On a Sunday that is the week that ends with it, on other days the last whole one.
    """
    if as_json and (html or markdown):
        raise UsageError("--json and a file exclude each other: give one of them")
    if html == "-" and markdown == "-":
        raise UsageError("--html - and --markdown - both print to stdout: give one of them a FILE")
    week = _week(app, given)
    _check(html, markdown, force)
    if choose is not None:
        _choose(app, week, choose)
        if not (html or markdown or as_json):
            return
    review = _review(app, week, notes)
    if as_json:
        from reconnect.review.as_json import as_json as told

        print_json("review", told(review))
    elif html or markdown:
        _write(review, html, markdown, force)
    else:
        from reconnect.review.as_text import as_text

        data("\n".join(as_text(review, look())))
        if given is None:
            talk("\n" + style(wrapped(_which(app, week)), dim=True))
        _ask(app, review)


def _week(app: App, given: str | None) -> Week:
    from reconnect.review.weekly import default_week
    from reconnect.store import habits

    if given is not None:
        return parse_week(given, app.today)
    known = habits.listed(app.looking, app.person.id, archived=True)
    return default_week(app.today, min((habit.begun for habit in known), default=None))


def _which(app: App, week: Week) -> str:
    if week == Week.of(app.today):
        goes_on = "ends today" if app.today == week.sunday else "goes on"
        return f"This week {goes_on}; `reconnect review --week last` shows the one before."
    return "The last whole week; `reconnect review --week this` shows the one that goes on."


def _review(app: App, week: Week, notes: bool) -> Review:
    from reconnect.review.weekly import review_of
    from reconnect.rules.catalog import load_limit, load_registry

    registry = load_registry(app.paths)
    # No rule asks the person anything here, so one that takes too long is left out.
    registry.seconds = load_limit()
    review = review_of(app.looking, app.person, registry, week, app.today, private=notes)
    for problem in registry.problems:
        talk(f"plugin {problem.plugin}: {problem.where}: {problem.why}")
    return review


def _check(html: str | None, markdown: str | None, force: bool) -> None:
    """Refuse a file before anything is stored or written."""
    if html is None and markdown is None:
        return
    from reconnect.cli.save import check
    from reconnect.review import as_html, as_markdown

    for path, mark in ((html, as_html.MARK), (markdown, as_markdown.MARK)):
        if path not in (None, "-"):
            check(path, what="weekly review", mark=mark.encode(), force=force)


def _write(review: Review, html: str | None, markdown: str | None, force: bool) -> None:
    from reconnect.cli.save import save

    made = []
    if html is not None:
        from reconnect.review import as_html

        made.append((html, as_html.as_html(review), as_html.MARK))
    if markdown is not None:
        from reconnect.review import as_markdown

        made.append((markdown, as_markdown.as_markdown(review), as_markdown.MARK))
    for path, text, mark in made:
        if path == "-":
            data(text.rstrip("\n"))
        else:
            save(path, text, what="weekly review", mark=mark.encode(), force=force)


def _ask(app: App, review: Review) -> None:
    """On a terminal: closeness where none is picked, and one thing for a week that is to come."""
    if not (app.may_ask and sys.stdout is not None and sys.stdout.isatty()):
        return
    if review.ahead is None:
        return
    if review.circles is None:
        from reconnect.cli.closeness import ask_for

        talk("")
        ask_for(app, review.week)
    if review.choice is None:
        question = "What is the one thing you choose for next week? Enter leaves it open."
        talk(wrapped(question))
        chosen = click.prompt("One thing", default="", show_default=False, err=True)
        if chosen.strip():
            _choose(app, review.week, _typed(chosen))


def _typed(text: str) -> str:
    from reconnect.habits.text import without_control

    return without_control(text)


def _choose(app: App, week: Week, text: str) -> None:
    from reconnect.clock import to_ms
    from reconnect.habits.text import checked_line
    from reconnect.review.wording import week_text
    from reconnect.store import choices
    from reconnect.store.database import empty_log, writing

    chosen = checked_line(text, "the choice")
    before = choices.get(app.looking, app.person.id, week)
    with writing(app.db):
        if chosen is None:
            choices.delete(app.db, app.person.id, week)
        else:
            choices.put(app.db, app.person.id, week, chosen, to_ms(app.now))
    if before is not None and before != chosen:
        empty_log(app.db)
    following = week_text(week.plus(1))
    if chosen is not None:
        talk(f"For {following}: {chosen}")
    else:
        talk(f"Nothing is chosen for {following}.")
    if before is not None and before != chosen:
        talk(style(f"It was: {before}", dim=True))
