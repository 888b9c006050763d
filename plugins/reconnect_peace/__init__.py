"""Peace: a safe haven at home, and repair after storms."""

from pathlib import Path

from reconnect.api import PluginCommand, Prompt, PromptContext, Rule, hookimpl, load_rule

VIEW = "seven-minute-view"


class PeaceRule(Rule, frozen=True):
    """Three times a year it asks for a piece of writing, and then for nothing else."""

    def prompts_for(self, context: PromptContext) -> tuple[Prompt, ...]:
        """For the writing only what is about the writing."""
        if context.habit != VIEW:
            return self.prompts
        return tuple(prompt for prompt in self.prompts if prompt.habit == VIEW)


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), PeaceRule)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """A break with a promised return, and the writing from the outside."""
    return [
        PluginCommand.lazy(
            "pause", "Take a break, and be reminded to come back.", "reconnect_peace.pause:pause"
        ),
        PluginCommand.lazy(
            "view", "Write for seven minutes, as a fair witness would.", "reconnect_peace.view:view"
        ),
    ]
