"""Texts kept as files beside the tests: compared, or written anew with SNAPSHOTS=write."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

WRITE = os.environ.get("SNAPSHOTS") == "write"


def check(path: Path, text: str) -> None:
    """The text is what the file holds; the escapes of a terminal stand in it as a visible sign."""
    shown = text.replace("\x1b", "␛")
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == shown, f"{path.name}: see CONTRIBUTING.md"
