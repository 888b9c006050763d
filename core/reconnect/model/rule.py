"""What a plugin teaches: a rule with its habits, fields, lapses, prompts and metrics."""

from typing import Annotated, Literal

import msgspec

from reconnect.model.habit import Landed
from reconnect.model.history import DueReminder, History, MetricValue, PromptContext
from reconnect.model.reviewing import ReviewContext, ReviewSection

Id = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$",
        max_length=40,
        description="an id of at most 40 lower-case letters and digits, with - or _ between",
    ),
]
Line = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^\n\r\t]+$",
        max_length=200,
        description="one line of text, at most 200 characters",
    ),
]
PromptText = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^\n\r\t]+$",
        max_length=240,
        description="one line of text, at most 240 characters",
    ),
]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=8000)]
WallTime = Annotated[
    str,
    msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="a time such as 19:30"),
]
Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]
Scalar = str | bool | int | float

FieldType = Literal["integer", "number", "percent", "boolean", "choice", "choices", "date", "text"]
Moment = Literal["before", "after", "re-entry", "tense", "celebrate", "on-this-day"]
MetricKind = Literal[
    "count", "total", "mean", "share", "ratio", "streak", "days-since", "checklist"
]
Direction = Literal["more", "less", "steady"]
Goal = Literal["at-least", "at-most"]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything read from rule.toml: frozen, and an unknown key is an error."""


class Field(Value, frozen=True, kw_only=True):
    """One thing asked when an act is logged.

    `minimum` and `maximum` bound integer and number fields (percent is always 0 to 100).
    `baseline` is the figure that a metric of the field is compared with. `private` text is
    left out of everything that is shown or sent without being asked for. `signal` publishes the
    field's value of the day to other rules. `choices_from` takes the choices from what the rule
    keeps of that kind (see RuleSession.put). `ahead` wants a date that has not passed.
    """

    id: Id
    title: Line
    ask: Line
    type: FieldType
    unit: Line | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Line, ...] = ()
    baseline: float | None = None
    defines: bool = False
    private: bool = False
    signal: Literal["tension", "mood"] | None = None
    choices_from: Id | None = None
    ahead: bool = False
    help: Line | None = None

    def __post_init__(self) -> None:
        """Refuse a choice without choices, and an empty range."""
        listed = len(self.choices) >= 2 or self.choices_from is not None
        if self.type in ("choice", "choices") and not listed:
            raise ValueError(f"field '{self.id}' of type {self.type} needs two or more `choices`")
        if self.choices and self.type not in ("choice", "choices"):
            raise ValueError(f"field '{self.id}' of type {self.type} takes no `choices`")
        if self.choices_from is not None and self.type != "choice":
            raise ValueError(f"field '{self.id}' of type {self.type} takes no `choices_from`")
        if self.ahead and self.type != "date":
            raise ValueError(f"field '{self.id}' of type {self.type} takes no `ahead`")
        low, high = self.bounds
        if low is not None and high is not None and low > high:
            raise ValueError(f"field '{self.id}' has a minimum above its maximum")

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Lowest and highest value allowed, in the field's unit; None is open."""
        if self.type == "percent":
            return 0.0, 100.0
        return self.minimum, self.maximum


class Lapse(Value, frozen=True, kw_only=True):
    """A way of slipping, logged when it happens, and always answered with its antidote."""

    id: Id
    title: Line
    antidote: Text
    next_act: Line | None = None


class Prompt(Value, frozen=True, kw_only=True):
    """A text of a rule that can be sent: at most 240 characters, `effort` in minutes (1 to 5)."""

    id: Id
    text: PromptText
    moment: Moment = "before"
    effort: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    habit: Id | None = None

    def saying(self, text: str) -> "Prompt":
        """The same prompt, counted as shown with it, in other words."""
        return msgspec.structs.replace(self, text=text)


class HabitTemplate(Value, frozen=True, kw_only=True):
    """A habit ready to be adopted.

    `recurrence` is RFC 5545 RRULE text, `time` the wall time of its reminder. A habit may have a
    `target` of the numeric field `amount` a day; `fields` are those asked when it is logged (all of
    the rule's when None); `when_needed` habits are due on no day and are logged as they happen.
    """

    id: Id
    title: Line
    recurrence: Line = "FREQ=DAILY"
    time: WallTime = "19:30"
    cue: Line | None = None
    goal: Goal = "at-least"
    amount: Id | None = None
    target: Annotated[float, msgspec.Meta(gt=0)] | None = None
    fields: tuple[Id, ...] | None = None
    when_needed: bool = False
    starter: bool = False


class Selector(Value, frozen=True, kw_only=True):
    """Which entries a metric counts: by kind, by lapse, and by the values of fields.

    `where` wants one of some values of a field, `at_least` a number that is not smaller, `has` any
    value at all; `landed` one or some of the ways an act can land.
    """

    kind: Literal["done", "lapse", "skip", "no", "any"] = "done"
    lapses: tuple[Id, ...] = ()
    habits: tuple[Id, ...] = ()
    where: dict[str, Scalar | tuple[Scalar, ...]] = {}
    has: Id | None = None
    at_least: dict[str, float] = {}
    landed: Landed | tuple[Landed, ...] = ()


class Metric(Value, frozen=True, kw_only=True):
    """A question about a person's own acts, answered by one of the standard kinds.

    count: entries (or, with `distinct`, different values of that field) that match `of` ·
    total and mean: of the numeric `field` over entries that match `of` · share: per cent of entries
    matching `among` that also match `of` · ratio: `of` (its `field`'s sum, if given) to `against` ·
    streak: days in a row, to the date, that match `of` · days-since: whole days since the last that
    matches `of` · checklist: choices ticked of `field` in the last entry that matches `of`.

    `window` is in days, ending with the date asked for; None looks at everything up to it.
    `per = "day"` counts days instead of entries. A share with `within` asks whether an entry that
    matches `of` followed one of `among`, on the same day or at most so many days later; one for
    which there is still time is left out. Of a `custom` metric the rule itself makes the answer;
    its `window` says how far back that looks. A `private` one is left out of the weekly review
    unless private answers are asked for.
    """

    id: Id
    title: Line
    question: Line
    kind: MetricKind
    unit: Line
    direction: Direction
    window: Days | None = None
    per: Literal["entry", "day"] = "entry"
    of: Selector = Selector()
    among: Selector | None = None
    against: Selector | None = None
    field: Id | None = None
    distinct: Id | None = None
    within: Annotated[int, msgspec.Meta(ge=0, le=366)] | None = None
    baseline: float | None = None
    custom: bool = False
    private: bool = False

    def __post_init__(self) -> None:
        """Refuse a kind without the keys it computes with."""
        needs = {"total": "field", "mean": "field", "share": "among", "ratio": "against",
                 "checklist": "field"}.get(self.kind)  # fmt: skip
        if needs and getattr(self, needs) is None and not self.custom:
            raise ValueError(f"metric '{self.id}' of kind {self.kind} needs the key `{needs}`")


class Source(Value, frozen=True, kw_only=True):
    """Where a figure comes from."""

    claim: Text
    citation: Text


class Help(Value, frozen=True, kw_only=True):
    """Professional help that a rule suggests, shown at most once a month on its condition.

    The condition: `times` or more entries that match `of` within `window` days; with `in_a_row`,
    the newest `times` entries of that kind all match.
    """

    id: Id
    of: Selector
    times: Annotated[int, msgspec.Meta(ge=1)]
    window: Days
    in_a_row: bool = False
    text: Text
    look_for: tuple[Line, ...] = ()


class FullWeek(Value, frozen=True, kw_only=True):
    """What makes a full week of the rule, where weeks are compared: `days` days with such entries.

    `words` end the sentence "In weeks with …".
    """

    days: Annotated[int, msgspec.Meta(ge=1, le=7)]
    words: Line
    of: Selector = Selector()


class Rule(Value, frozen=True, kw_only=True):
    """What one plugin teaches. Read from rule.toml; a plugin may subclass it to behave.

    Overridable: `prompts_for`, `choose_prompt`, `measure`, `due`, `review`. All else is data.
    `questions` are for the weekly review. Without `full_week` the weeks in which a habit was kept
    are compared with the others, unless the rule shows no streaks.
    """

    api: Annotated[int, msgspec.Meta(ge=1)]
    id: Id
    title: Line
    summary: Line
    why: Text
    asks: Text
    order: int = 100
    streaks: bool = True
    habits: Annotated[tuple[HabitTemplate, ...], msgspec.Meta(min_length=1, max_length=9)]
    fields: tuple[Field, ...] = ()
    lapses: tuple[Lapse, ...] = ()
    prompts: Annotated[tuple[Prompt, ...], msgspec.Meta(min_length=1)]
    metrics: tuple[Metric, ...] = ()
    help: tuple[Help, ...] = ()
    questions: tuple[Line, ...] = ()
    full_week: FullWeek | None = None
    sources: tuple[Source, ...] = ()

    def prompts_for(self, context: PromptContext) -> tuple[Prompt, ...]:
        """The prompts that may be chosen now: all of them, unless a rule knows better."""
        return self.prompts

    def choose_prompt(self, context: PromptContext) -> Prompt | None:
        """Pick the text to send. None sends the habit's title alone."""
        from reconnect.model.prompts import choose

        return choose(self.prompts_for(context), context)

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """Answer every metric of the rule for `history.day`, in the rule's order."""
        from reconnect.model.metrics import measure

        return tuple(measure(metric, history) for metric in self.metrics)

    def due(self, reminder: DueReminder, context: PromptContext) -> bool:
        """Whether a reminder that has fallen due is still wanted. False suppresses it."""
        return True

    def review(self, context: ReviewContext) -> tuple[ReviewSection, ...]:
        """What the rule adds to the weekly review: nothing, unless it has something of its own."""
        return ()
