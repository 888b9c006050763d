"""Make the first draft of a schema from what a command prints; the words are left to you.

reconnect week --json | python tests/cli/draft_schema.py week > core/reconnect/data/schemas/week.json
"""  # noqa: E501 - one command, to be copied

from __future__ import annotations

import json
import sys
from typing import Any

TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def draft(value: Any) -> dict[str, Any]:
    """A schema that this value meets."""
    if isinstance(value, dict):
        properties = {key: {"description": "…", **draft(one)} for key, one in value.items()}
        return {"type": "object", "properties": properties, "required": list(value)}
    if isinstance(value, list):
        return {"type": "array", "items": draft(value[0]) if value else {}}
    return {"type": TYPES[type(value)]}


def main() -> None:
    """Read the JSON of a command from stdin, print the draft."""
    printed = json.load(sys.stdin)
    kind, command = printed["kind"], " ".join(sys.argv[1:])
    schema = draft(printed)
    schema["properties"]["schema_version"] = {"description": "…", "const": 1}
    schema["properties"]["kind"] = {"description": "What this is.", "const": kind}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:reconnect:schema:1:{kind}",
        "title": "…",
        "description": "….",
        "x-commands": [command],
    }
    sys.stdout.write(json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
