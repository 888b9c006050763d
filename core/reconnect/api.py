"""All that a plugin imports: the contract between a rule and the program.

Re-exports only. A name here stays; what it is made of lives further down.
"""

from reconnect.errors import NotFoundError
from reconnect.model.anniversaries import on_this_day
from reconnect.model.habit import Entry
from reconnect.model.history import (
    DueReminder,
    History,
    MetricValue,
    PromptContext,
    Record,
    Signals,
    is_tense,
)
from reconnect.model.metrics import matches, measure, measure_with, windowed
from reconnect.model.prompts import choose, fitting
from reconnect.model.reviewing import ReviewContext, ReviewSection
from reconnect.model.rule import (
    Field,
    FullWeek,
    HabitTemplate,
    Help,
    Lapse,
    Metric,
    Prompt,
    Rule,
    Selector,
    Source,
)
from reconnect.rules.commands import (
    as_day_ahead,
    as_line,
    ask_number,
    ask_parts,
    turned,
)
from reconnect.rules.events import Delivered, Message, PluginCommand
from reconnect.rules.hookspecs import hookimpl
from reconnect.rules.kept import KeptItem, KeptList
from reconnect.rules.rulefile import API_VERSION, load_rule
from reconnect.rules.session import RuleSession, pass_session
from reconnect.textfit import counted, shortened

__all__ = [
    "API_VERSION",
    "Delivered",
    "DueReminder",
    "Entry",
    "Field",
    "FullWeek",
    "HabitTemplate",
    "Help",
    "History",
    "KeptItem",
    "KeptList",
    "Lapse",
    "Message",
    "Metric",
    "MetricValue",
    "NotFoundError",
    "PluginCommand",
    "Prompt",
    "PromptContext",
    "Record",
    "ReviewContext",
    "ReviewSection",
    "Rule",
    "RuleSession",
    "Selector",
    "Signals",
    "Source",
    "as_day_ahead",
    "as_line",
    "ask_number",
    "ask_parts",
    "choose",
    "counted",
    "fitting",
    "hookimpl",
    "is_tense",
    "load_rule",
    "matches",
    "measure",
    "measure_with",
    "on_this_day",
    "pass_session",
    "shortened",
    "turned",
    "windowed",
]
