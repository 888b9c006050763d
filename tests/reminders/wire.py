"""How receivers read what Apprise sends over HTTP: JSON, forms, XML, and ntfy's own format."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from tests.reminders.live import Post, Receiver

if TYPE_CHECKING:
    from collections.abc import Mapping

PRIORITIES = {
    "min": 1, "low": 2, "default": 3, "high": 4, "max": 5, "urgent": 5,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5,
}  # fmt: skip
ACTIONS = {"view": ("url",), "http": ("url",), "broadcast": ()}
"""The kinds of buttons, and what each needs besides its label."""


def read_post(kind: str, raw: bytes) -> tuple[str, str]:
    """Title and body of a POST, by its content type."""
    if "json" in kind:
        content = json.loads(raw)
        return content.get("title", ""), content["message"]
    if "x-www-form-urlencoded" in kind:
        form = parse_qs(raw.decode(), keep_blank_values=True, strict_parsing=True)
        return form["title"][0], form["message"][0]
    if "xml" in kind:
        texts = {
            element.tag.rpartition("}")[2]: element.text or ""
            for element in ET.fromstring(raw).iter()  # noqa: S314 - of our own process
        }
        return texts["Subject"], texts["Message"]
    raise ValueError(f"content of type {kind}")


@dataclass(frozen=True)
class Pushed:
    """A message as ntfy hands it to the phone."""

    topic: str
    title: str
    message: str
    priority: int = 3
    tags: tuple[str, ...] = ()
    click: str = ""
    icon: str = ""
    attach: str = ""
    markdown: bool = False
    actions: tuple[Mapping[str, Any], ...] = field(default=())


class Ntfy(Receiver):
    """A receiver that reads as ntfy does, by its documentation, and answers 400 where it would.

    A message is published as JSON to the root, or as plain text to /topic; what else it has stands
    in headers, in the query or in the JSON (docs.ntfy.sh/publish).
    """

    def __init__(self) -> None:
        self.pushed: list[Pushed] = []
        self.refused: list[str] = []
        super().__init__()

    @property
    def url(self) -> str:
        """Its address as an Apprise URL, with a topic."""
        return f"ntfy://{self.host}/moments"

    def read(self, path: str, headers: Mapping[str, str], raw: bytes) -> Post:
        """Read a request, and keep what the phone would show."""
        post = super().read(path, headers, b'{"message": ""}')
        try:
            pushed = publish(path, headers, raw)
        except (ValueError, KeyError) as error:
            self.refused.append(str(error))
            return post
        if self.behaviour == 200:
            self.pushed.append(pushed)
        return Post(post.key, pushed.title, pushed.message, path, headers)

    def take(self, post: Post) -> int | None:
        """Answer 400 to what ntfy would not take."""
        return 400 if self.refused else super().take(post)


def publish(path: str, headers: Mapping[str, str], raw: bytes) -> Pushed:
    """What ntfy makes of a request.

    Raises:
        ValueError, KeyError: it would answer 400.
    """
    topic = path.partition("?")[0].strip("/")
    given = {name.lower(): value for name, value in headers.items()}
    query = {name.lower(): values[0] for name, values in parse_qs(path.partition("?")[2]).items()}
    content: dict[str, Any] = {}
    text = raw.decode()
    if not topic:
        content = json.loads(raw)
        topic, text = content["topic"], content.get("message", "")

    def value(name: str, *short: str) -> Any:
        for key in (name, *short):
            if key in content:
                return content[key]
            for found in (given.get(f"x-{key}"), given.get(key), query.get(key)):
                if found:
                    return found
        return ""

    if not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", topic):
        raise ValueError("invalid topic")
    priority = str(value("priority", "prio", "p") or "default").lower()
    tags = value("tags", "tag", "ta")
    return Pushed(
        topic=topic,
        title=value("title", "t"),
        message=text or value("message", "m"),
        priority=PRIORITIES[priority],
        tags=tuple(tags.split(",") if isinstance(tags, str) and tags else tags or ()),
        click=value("click"),
        icon=value("icon"),
        attach=value("attach", "a"),
        markdown=str(value("markdown", "md")).lower() in ("1", "yes", "true"),
        actions=tuple(read_actions(value("actions", "action"))),
    )


def read_actions(given: Any) -> list[dict[str, Any]]:
    """The buttons: a JSON array, or the short form `kind, label, url, key=value; …`.

    Raises:
        ValueError: ntfy would answer 400.
    """
    if not given:
        return []
    if isinstance(given, str) and not given.lstrip().startswith("["):
        found = [_short(part) for part in _split(given, ";") if part.strip()]
    else:
        found = json.loads(given) if isinstance(given, str) else list(given)
    if len(found) > 3:
        raise ValueError("only 3 actions are shown")
    for one in found:
        if one.get("action") not in ACTIONS or not one.get("label"):
            raise ValueError(f"no such action, or no label: {one}")
        if any(not one.get(needed) for needed in ACTIONS[one["action"]]):
            raise ValueError(f"parameter missing: {one}")
        if one["action"] == "http":
            one.setdefault("method", "POST")
        one["clear"] = str(one.get("clear", "false")).lower() in ("1", "yes", "true")
    return found


def _short(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, part in enumerate(_split(text, ",")):
        key, is_named, value = part.strip().partition("=")
        if is_named and re.fullmatch(r"[a-z]+([._-][A-Za-z-]+)*", key):
            head, dot, name = key.partition(".")
            if dot:
                found.setdefault(head, {})[name] = _unquoted(value)
            else:
                found[head] = _unquoted(value)
        else:
            found[("action", "label", "url")[number]] = _unquoted(part.strip())
    return found


def _split(text: str, separator: str) -> list[str]:
    """Split where the separator stands outside of quotes."""
    parts, quote = [""], ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and re.search(r"(^|[=,;])\s*$", parts[-1] or ","):
            quote = character
        elif character == separator:
            parts.append("")
            continue
        parts[-1] += character
    return parts


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
