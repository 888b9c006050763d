"""The weekly review as Markdown: to keep in a diary, or to read anywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reconnect.model.habit import STATE_MARKS
from reconnect.review import layout
from reconnect.review.charts.circles import as_text
from reconnect.review.charts.wording import day_text
from reconnect.review.figures import MARKS

if TYPE_CHECKING:
    from reconnect.review.figures import DayCell
    from reconnect.review.weekly import Review

MARK = "<!-- reconnect: weekly review -->"
"""The first line of each such file: what may be replaced by another."""


def as_markdown(review: Review) -> str:
    """The whole review. What the person wrote is text in it, never markup."""
    blocks = [MARK, f"# {escaped(layout.heading(review))}", escaped(layout.subheading(review))]
    for part in layout.parts(review):
        blocks.append(f"## {escaped(part.title)}")
        if part.kind == "habits":
            blocks.append(_habits(review))
        elif part.kind == "closeness":
            blocks += [*map(_line, part.lines), _closeness(review)]
        elif part.kind == "question":
            blocks += [f"> {escaped(line.text)}" for line in part.lines]
        elif len(part.lines) == 1 and not part.lines[0].lead:
            blocks.append(_line(part.lines[0]))
        else:
            blocks.append("\n".join(f"- {_line(line)}" for line in part.lines))
    blocks += ["---", f"{escaped(layout.FOOTER)} {escaped(layout.SAFETY)}"]
    return "\n\n".join(filter(None, blocks)) + "\n"


def escaped(text: str) -> str:
    """Text on one line in which no sign is markup, but the code between two backticks."""
    parts = re.split(r"(`reconnect [^`]+`)", " ".join(text.split()))
    plain = "".join(
        part if number % 2 else re.sub(r"([\\`*_{}\[\]<>#|~!$&])", r"\\\1", part)
        for number, part in enumerate(parts)
    )
    # At the beginning of a line these make a list, a rule or a heading.
    return re.sub(r"^([-+=]|\d+(?=[.)]))", _literally, plain)


def _literally(found: re.Match[str]) -> str:
    sign = found[1]
    return f"{sign}\\" if sign.isdecimal() else f"\\{sign}"


def _line(line: layout.Line) -> str:
    lead = f"**{escaped(line.lead)}**" if line.lead else ""
    # A question needs no colon after it.
    between = " " if line.lead.endswith("?") else ": "
    first = between.join(filter(None, (lead, escaped(line.text))))
    return f"{first} ({escaped(line.soft.rstrip('.'))})" if line.soft else first


def _habits(review: Review) -> str:
    if not review.habits:
        return escaped(layout.QUIET)
    rows = ["| Habit | M | T | W | T | F | S | S | How it went |", f"|---|{':-:|' * 7}---|"]
    for one in review.habits:
        days = " | ".join(map(_cell, one.days))
        said = "; ".join(filter(None, (layout.went(one), layout.longer(one))))
        rows.append(f"| {escaped(one.title)} | {days} | {escaped(said)} |")
    seen = {cell.state for one in review.habits for cell in one.days if cell is not None}
    marks = [f"`{STATE_MARKS[s]}` {MARKS[s]}" for s in STATE_MARKS if s in seen]
    return "\n".join(rows) + f"\n\n{', '.join(marks)}"


def _cell(cell: DayCell | None) -> str:
    return " " if cell is None or cell.state == "not-due" else f"`{STATE_MARKS[cell.state]}`"


def _closeness(review: Review) -> str:
    rows = [
        f"{day_text(day):>11}  {'-' if step is None else f'{as_text(step):<16}  {step}'}"
        for day, step in review.closeness.weeks[-8:]
    ]
    return "```text\n" + "\n".join(rows) + "\n```" if rows else ""
