"""Open issues: opened by a hard truth, closed when the two of you have found a way."""

from datetime import date
from statistics import median

import click

from reconnect.api import (
    Entry,
    History,
    Metric,
    MetricValue,
    Record,
    RuleSession,
    pass_session,
)

KIND = "issue"


def open_from(entry: Entry, session: RuleSession) -> None:
    """Open the issue that a hard truth names, or close it where the entry says that it is resolved.

    The same words mean the same issue: said again, it is still open since the first time.
    """
    text = str(entry.fields.get("issue") or "").strip()
    resolved = entry.fields.get("resolved") is True
    if entry.kind != "done" or not text:
        return
    known = session.records(KIND)
    if any(entry.uid in (issue.key, issue.value.get("closed_by")) for issue in known):
        return  # Heard before.
    for issue in known:
        if _same(issue, text) and _closed(issue) is None:
            if resolved:
                _close(session, issue, entry.day, by=entry.uid)
            return
    if entry.fields.get("kind") != "hard-truth":
        return
    day = entry.day.isoformat()
    closed = day if resolved else None
    session.put(KIND, entry.uid, {"text": text, "opened": day, "closed": closed})
    if not resolved:
        session.say("Kept as an open issue: `reconnect honesty issues` lists them.")


def take_back(entry: Entry, session: RuleSession) -> None:
    """An issue whose entry is taken back was never raised, and one that it closed is open again."""
    session.drop(KIND, entry.uid)
    for issue in session.records(KIND):
        if issue.value.get("closed_by") == entry.uid:
            session.put(KIND, issue.key, {**issue.value, "closed": None, "closed_by": None})


def open_issues(metric: Metric, history: History) -> MetricValue:
    """How many issues were open on the history's day; None before anything was logged."""
    known = _known(history)
    count = sum(_is_open(issue, history.day) for issue in known)
    value = float(count) if known or history.begun else None
    return MetricValue(metric=metric.id, value=value, entries=len(known))


def days_to_resolve(metric: Metric, history: History) -> MetricValue:
    """The median of days from saying it to resolving it, of issues closed within the window."""
    lengths = []
    for issue in _known(history):
        closed = _closed(issue)
        if closed is None or closed > history.day:
            continue
        if metric.window is None or (history.day - closed).days < metric.window:
            lengths.append((closed - _opened(issue)).days)
    value = float(median(lengths)) if lengths else None
    return MetricValue(metric=metric.id, value=value, entries=len(lengths))


@click.command("issues")
@click.option("--all", "every", is_flag=True, help="Resolved ones too.")
@pass_session
def issues(session: RuleSession, every: bool) -> None:
    """List the issues that were said and are still open."""
    shown = 0
    for number, issue in enumerate(session.records(KIND), start=1):
        closed = _closed(issue)
        if closed is None or every:
            shown += 1
            days = ((closed or session.today) - _opened(issue)).days
            counted = "1 day" if days == 1 else f"{days} days"
            state = f"resolved {closed}, after {counted}" if closed else f"open for {counted}"
            session.show(f"{number}  {issue.value['text']}  ({state})")
    if not shown:
        session.say("Nothing is open. `reconnect log honesty hard-truth --issue TEXT` opens one.")


@click.command("resolve")
@click.argument("number", type=int)
@pass_session
def resolve(session: RuleSession, number: int) -> None:
    """Close the issue of that number."""
    issue = session.pick(KIND, number, "issues")
    if _closed(issue) is not None:
        session.say(f"Issue {number} was resolved on {_closed(issue)} already.")
        return
    _close(session, issue, session.today)


def _close(session: RuleSession, issue: Record, day: date, by: str | None = None) -> None:
    closed = max(day, _opened(issue)).isoformat()
    session.put(KIND, issue.key, {**issue.value, "closed": closed, "closed_by": by})
    session.say(f"Resolved: {issue.value['text']}. That took some courage.")


def _known(history: History) -> list[Record]:
    return [r for r in history.records if r.kind == KIND and _opened(r) <= history.day]


def _same(issue: Record, text: str) -> bool:
    return str(issue.value["text"]).casefold() == text.casefold()


def _opened(issue: Record) -> date:
    return date.fromisoformat(str(issue.value["opened"]))


def _closed(issue: Record) -> date | None:
    closed = issue.value.get("closed")
    return date.fromisoformat(str(closed)) if closed else None


def _is_open(issue: Record, day: date) -> bool:
    closed = _closed(issue)
    return closed is None or closed > day
