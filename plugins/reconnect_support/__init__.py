"""Understand and back your partner's goals and dreams, also those you do not share."""

from pathlib import Path

from reconnect.api import (
    History,
    MetricValue,
    PluginCommand,
    Prompt,
    PromptContext,
    ReviewContext,
    ReviewSection,
    Rule,
    hookimpl,
    load_rule,
    measure_with,
)


class SupportRule(Rule, frozen=True):
    """Two of its metrics, and its prompts, look at the list of goals."""

    def choose_prompt(self, context: PromptContext) -> Prompt | None:
        """Where nobody else reads it, with the goal that has waited longest."""
        from reconnect_support.goals import with_goal

        return with_goal(super().choose_prompt(context), context)

    def measure(self, history: History) -> tuple[MetricValue, ...]:
        """The standard metrics, and those of the list."""
        from reconnect_support.goals import goals_backed, longest_wait

        own = {"goals-backed": goals_backed, "longest-wait": longest_wait}
        return measure_with(self.metrics, history, own)

    def review(self, context: ReviewContext) -> tuple[ReviewSection, ...]:
        """How the goals on the list were backed."""
        from reconnect_support.looking_back import goals_of_the_week

        return goals_of_the_week(context)


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and standard metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), SupportRule)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The list of the partner's goals."""
    texts = {
        "goals": "List their goals, the one that waited longest first.",
        "add": "Add a goal that they have named.",
        "why": "Write down why a goal matters to them.",
        "retire": "Take a goal off the list: reached, or let go.",
    }
    return [PluginCommand.lazy(n, t, f"reconnect_support.commands:{n}") for n, t in texts.items()]
