"""Rules of a person's own, to log what the shipped ones do not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.reminders.live import daemon, receiver, smtp
from tests.review.conftest import effort, sunday

__all__ = ["daemon", "effort", "letter", "receiver", "smtp", "sunday"]

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

LETTER = """
api = 1
id = "letter"
title = "A letter"
summary = "Write a line to them."
asks = "One line."
why = "Because paper keeps."

[[habits]]
id = "line"
title = "A line a week"
recurrence = "FREQ=WEEKLY;BYDAY=SU"
time = "09:00"
target = 2
goal = "at-most"
amount = "drafts"

[[fields]]
id = "words_for_them"
title = "The line"
ask = "What did you write?"
type = "text"
private = true

[[fields]]
id = "drafts"
title = "Drafts"
ask = "How many drafts?"
type = "integer"
unit = "drafts"
minimum = 0

[[lapses]]
id = "unsent"
title = "I kept it in the drawer"
antidote = "Put it where they will find it."

[[prompts]]
id = "letter-01"
text = "Begin with the weather."
"""


@pytest.fixture
def letter(home: Path) -> Path:
    """A rule in a folder, with a private text field, one lapse, and an at-most habit."""
    place = home / "rules" / "letter"
    place.mkdir(parents=True)
    (place / "rule.toml").write_text(LETTER, encoding="utf-8")
    return place / "rule.toml"


@pytest.fixture
def effort_cli(effort: None, cli: Run) -> Run:
    """The command, in a home with forty weeks of seven habits, on a Sunday evening."""
    return cli
