"""Quality time: it need not be talk, and it makes memories."""

from pathlib import Path

from reconnect.api import (
    PluginCommand,
    Prompt,
    PromptContext,
    ReviewContext,
    ReviewSection,
    Rule,
    hookimpl,
    load_rule,
)


class QualityTimeRule(Rule, frozen=True):
    """A memory of this day comes back as a prompt, where nobody else reads it."""

    def choose_prompt(self, context: PromptContext) -> Prompt | None:
        """On the day of a memory the memory itself; else one of the rule's prompts."""
        from reconnect_quality_time.memories import remembered

        return remembered(context) or super().choose_prompt(context)

    def review(self, context: ReviewContext) -> tuple[ReviewSection, ...]:
        """One memory."""
        from reconnect_quality_time.looking_back import memory_of_the_week

        return memory_of_the_week(context)


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), QualityTimeRule)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """Ideas ahead, and memories behind."""
    return [
        PluginCommand.lazy(
            "idea",
            "An idea for the next date, unlike what you did lately.",
            "reconnect_quality_time.ideas:idea",
        ),
        PluginCommand.lazy(
            "memories",
            "What you two did on this day, and before.",
            "reconnect_quality_time.memories:memories",
        ),
    ]
