"""Open issues: opened by a hard truth, closed when the two of you have found a way."""

from datetime import date
from statistics import median

import click

from reconnect.api import Entry, History, Metric, MetricValue, Record, RuleSession, pass_session

KIND = "issue"


def open_from(entry: Entry, session: RuleSession) -> None:
    """Open the issue that a hard truth names; one logged as resolved is closed the same day."""
    text = entry.fields.get("issue")
    if entry.kind != "done" or entry.fields.get("kind") != "hard-truth" or not text:
        return
    closed = entry.day.isoformat() if entry.fields.get("resolved") is True else None
    session.put(KIND, entry.uid, {"text": text, "opened": entry.day.isoformat(), "closed": closed})
    if closed is None:
        session.say("Kept as an open issue: `reconnect honesty issues` lists them.")


def open_issues(metric: Metric, history: History) -> MetricValue:
    """How many issues were open on the history's day."""
    count = sum(_is_open(issue, history.day) for issue in _known(history))
    return MetricValue(metric=metric.id, value=float(count), entries=len(_known(history)))


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
        if not every and not _is_open(issue, session.today):
            continue
        shown += 1
        closed = _closed(issue)
        days = ((closed or session.today) - _opened(issue)).days
        state = f"resolved {closed}, after {days} days" if closed else f"open for {days} days"
        session.show(f"{number}  {issue.value['text']}  ({state})")
    if not shown:
        session.say("Nothing is open. `reconnect log honesty hard-truth --issue TEXT` opens one.")


@click.command("resolve")
@click.argument("number", type=int)
@pass_session
def resolve(session: RuleSession, number: int) -> None:
    """Close the issue of that number."""
    kept = session.records(KIND)
    if not 1 <= number <= len(kept):
        raise click.UsageError(f"no issue {number}: `reconnect honesty issues` lists them")
    issue = kept[number - 1]
    if not _is_open(issue, session.today):
        session.say(f"Issue {number} was resolved on {_closed(issue)} already.")
        return
    session.put(KIND, issue.key, {**issue.value, "closed": session.today.isoformat()})
    session.say(f"Resolved: {issue.value['text']}. That took the two of you some courage.")


def _known(history: History) -> list[Record]:
    return [r for r in history.records if r.kind == KIND and _opened(r) <= history.day]


def _opened(issue: Record) -> date:
    return date.fromisoformat(str(issue.value["opened"]))


def _closed(issue: Record) -> date | None:
    closed = issue.value.get("closed")
    return date.fromisoformat(str(closed)) if closed else None


def _is_open(issue: Record, day: date) -> bool:
    closed = _closed(issue)
    return closed is None or closed > day
