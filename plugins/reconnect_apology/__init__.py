"""When trust was broken: apologise sincerely, make amends, and do not rush them."""

from pathlib import Path

from reconnect.api import (
    Entry,
    PluginCommand,
    Prompt,
    PromptContext,
    Rule,
    RuleSession,
    hookimpl,
    load_rule,
)


class ApologyRule(Rule, frozen=True):
    """After an apology its reminders turn from apologising to giving space."""

    def prompts_for(self, context: PromptContext) -> tuple[Prompt, ...]:
        """For seven days (settable) after an apology: keep your word, give them room."""
        from reconnect_apology.space import is_resting, unhurried

        return unhurried(self.prompts) if is_resting(context.history) else self.prompts


@hookimpl
def reconnect_register_rule() -> Rule:
    """Texts, fields and metrics stand in rule.toml."""
    return load_rule(Path(__file__).with_name("rule.toml"), ApologyRule)


@hookimpl
def reconnect_entry_recorded(entry: Entry, session: RuleSession) -> None:
    """A promise with a date is followed up on that date."""
    from reconnect_apology.promises import follow_up

    follow_up(entry, session)


@hookimpl
def reconnect_entry_taken_back(entry: Entry, session: RuleSession) -> None:
    """A promise that is taken back is not followed up."""
    from reconnect_apology.promises import take_back

    take_back(entry, session)


@hookimpl
def reconnect_register_commands() -> list[PluginCommand]:
    """The builder, the promises, and the pace."""
    texts = {
        "draft:draft": "Draft an apology, part by part. It is never sent.",
        "promises:promises": "List promises; say which you kept.",
        "space:pace": "Set for how many days nothing is rushed.",
    }
    at = "reconnect_apology."
    return [PluginCommand.lazy(to.split(":")[1], text, at + to) for to, text in texts.items()]
