"""Text that a person gave: kept as it is, or refused with the place of what cannot be kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from reconnect.errors import UsageError

LINE_CHARACTERS = 200
TEXT_CHARACTERS = 2000
NOTE_BYTES = 64 * 1024


def checked_line(text: str | None, what: str) -> str | None:
    """One line of at most 200 characters; empty becomes None.

    Raises:
        UsageError: too long, more than one line, or holding control characters.
    """
    if text is None or not text.strip():
        return None
    text = text.strip()
    if len(text) > LINE_CHARACTERS:
        raise UsageError(f"{what}: {len(text):,} characters, at most {LINE_CHARACTERS} are kept")
    refuse_control(text, what)
    return text


def checked_note(note: str | None) -> str | None:
    """A note without surrounding blanks; None when nothing remains.

    Raises:
        UsageError: longer than 64 KiB, or holding control characters but line breaks and tabs.
    """
    if note is None or not note.strip():
        return None
    note = note.replace("\r\n", "\n").strip()
    size = len(note.encode("utf-8", "surrogatepass"))
    if size > NOTE_BYTES:
        raise UsageError(f"the note: {size:,} bytes, at most {NOTE_BYTES:,} are kept with an entry")
    refuse_control(note, "the note", allowed="\n\t")
    return note


def refuse_control(text: str, what: str, allowed: str = "") -> None:
    """Let everything through that a person can type, emoji and right-to-left text too.

    Raises:
        UsageError: a control character or half a surrogate pair is in it.
    """
    for place, character in enumerate(text, start=1):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in allowed:
            raise UsageError(
                f"{what}: holds the control character U+{ord(character):04X} at place {place}, "
                "expected plain text"
            )


def without_control(text: str) -> str:
    """What was typed, without what keys such as the arrows leave in it.

    Such a key is no reason to refuse a text that somebody wrote for minutes.
    """
    import re

    typed = re.sub(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])", "", text)
    return "".join(c for c in typed if unicodedata.category(c) not in ("Cc", "Cs"))


def refuse_control_within(value: object, what: str) -> None:
    """The same for every text in a value of lists and tables, which may hold line breaks and tabs.

    Raises:
        UsageError: as above.
    """
    if isinstance(value, str):
        refuse_control(value, what, allowed="\n\t")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            refuse_control_within(key, what)
            refuse_control_within(inner, what)
    elif isinstance(value, list | tuple):
        for inner in value:
            refuse_control_within(inner, what)
