"""Open issues: said in a hard truth, closed when the two of you found a way."""

import click

from reconnect.api import (
    Entry,
    History,
    KeptItem,
    KeptList,
    Metric,
    MetricValue,
    Rule,
    RuleSession,
    counted,
    measure_with,
    pass_session,
)

ISSUES = KeptList("issue", command="issues")


class HonestyRule(Rule, frozen=True):
    """Two of its metrics look at the list of open issues."""

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """The standard metrics, and those of the list."""
        own = {"open-issues": open_issues, "days-to-resolve": days_to_resolve}
        return measure_with(self.metrics, history, own)


def open_issues(metric: Metric, history: History) -> MetricValue:
    """How many issues were open on the history's day; None before anything was logged."""
    known = ISSUES.known(history)
    count = sum(issue.open_on(history.day) for issue in known)
    value = float(count) if known or history.begun else None
    return MetricValue(metric=metric.id, value=value, entries=len(known))


def days_to_resolve(metric: Metric, history: History) -> MetricValue:
    """The median of days from saying it to resolving it, of issues closed within the window."""
    from statistics import median

    lengths = [
        (issue.closed - issue.opened).days
        for issue in ISSUES.known(history)
        if issue.closed and 0 <= (history.day - issue.closed).days < (metric.window or 10**6)
    ]
    value = float(median(lengths)) if lengths else None
    return MetricValue(metric=metric.id, value=value, entries=len(lengths))


def open_from(entry: Entry, session: RuleSession) -> None:
    """Open the issue that a hard truth names, or close it where the entry says that it is resolved.

    The same words mean the same issue: said again, it is still open since the first time.
    """
    text = str(entry.fields.get("issue") or "").strip()
    if entry.kind != "done" or not text or ISSUES.knows(session, entry):
        return
    resolved = entry.fields.get("resolved") is True
    issue = ISSUES.named(session, text)
    if issue and resolved:
        _close(session, issue, entry)
    elif not issue and entry.fields.get("kind") == "hard-truth":
        with session.together():
            issue = ISSUES.add(session, text, entry=entry)
            if resolved:
                ISSUES.close(session, issue, entry=entry)
        if not resolved:
            session.say("Kept as an open issue: `reconnect honesty issues` lists them.")


@click.command("issues")
@click.option("--all", "every", is_flag=True, help="Resolved ones too.")
@pass_session
def issues(session: RuleSession, every: bool) -> None:
    """List the issues that were said and are still open."""

    def state(issue: KeptItem) -> str:
        days = counted(((issue.closed or session.today) - issue.opened).days, "day")
        return f"resolved {issue.closed}, after {days}" if issue.closed else f"open for {days}"

    nothing = "Nothing is open. `reconnect log honesty hard-truth --issue TEXT` opens one."
    ISSUES.show(session, every=every, state=state, otherwise=nothing)


@click.command("resolve")
@click.argument("number", type=int)
@pass_session
def resolve(session: RuleSession, number: int) -> None:
    """Close the issue of that number."""
    issue = ISSUES.find(session, number)
    if issue.closed:
        session.say(f"Issue {number} was resolved on {issue.closed} already.")
        return
    _close(session, issue)


def _close(session: RuleSession, issue: KeptItem, entry: Entry | None = None) -> None:
    ISSUES.close(session, issue, entry=entry)
    session.say(f"Resolved: {issue.text}. That took some courage.")
