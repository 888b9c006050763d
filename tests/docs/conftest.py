"""The README, taken apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def readme() -> str:
    """The whole README."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def readme_rule(readme: str) -> str:
    """The rule of one's own that it shows."""
    (rule,) = re.findall(r"^```toml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert isinstance(rule, str)
    return rule
