"""All that a plugin imports: the contract between a rule and the program.

Re-exports only. A name here stays; what it is made of lives further down.
"""

from reconnect.errors import NotFoundError
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
from reconnect.rules.events import Delivered, Message, PluginCommand
from reconnect.rules.hookspecs import hookimpl
from reconnect.rules.rulefile import API_VERSION, load_rule
from reconnect.rules.session import RuleSession, pass_session

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
    "choose",
    "fitting",
    "hookimpl",
    "is_tense",
    "load_rule",
    "matches",
    "measure",
    "measure_with",
    "pass_session",
    "windowed",
]
