"""A plugin as it stands in this process: found, loaded or not, and what went wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconnect.rules.budget import Budget

if TYPE_CHECKING:
    from reconnect.model.rule import Rule
    from reconnect.rules.discovery import Found
    from reconnect.rules.events import PluginProblem


class Plugin:
    """A plugin that was found: on with a rule, off with a reason, or broken with problems."""

    def __init__(self, found: Found, off: str | None) -> None:
        """Start as found; the registry loads it unless `off` says why not."""
        self.found = found
        self.off = off
        self.rule: Rule | None = None
        """Its behaviour. What it says of itself is asked of `taught`, which no code can change."""
        self.taught: Rule | None = None
        """The rule's data, as it was checked."""
        self.hooks: tuple[str, ...] = ()
        self.problems: list[PluginProblem] = []
        self.faults = 0
        self.budget = Budget()

    @property
    def name(self) -> str:
        """The name by which it is enabled and disabled."""
        return self.found.name

    @property
    def running(self) -> bool:
        """Whether its rule can be used."""
        return self.off is None and self.rule is not None

    @property
    def turned_off(self) -> bool:
        """Whether it loaded, but was turned off for its faults since."""
        return self.off is not None and self.rule is not None
