"""`schema`: what `--json` prints, as JSON Schema."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from reconnect.cli.app import App, pass_app
from reconnect.cli.output import as_json as print_json
from reconnect.cli.output import data, json_option, table
from reconnect.errors import NotFoundError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "schemas")
COMMON = "common"
"""The file with what several schemas share; it is no kind of its own."""


def kinds() -> list[str]:
    """Every kind of JSON that a command prints, by name."""
    names = [name.removesuffix(".json") for name in os.listdir(SCHEMAS) if name.endswith(".json")]
    return sorted(name for name in names if name != COMMON)


def read_schema(name: str) -> dict[str, Any]:
    """A schema as it lies in its file, which refers to the common one."""
    import msgspec

    with open(os.path.join(SCHEMAS, f"{name}.json"), "rb") as file:
        return msgspec.json.decode(file.read(), type=dict[str, Any])


def whole_schema(kind: str) -> dict[str, Any]:
    """A schema that needs no other file: what it refers to is bundled with it.

    Raises:
        NotFoundError: there is no such kind.
    """
    known = kinds()
    if kind not in known:
        from reconnect.cli.lazy import unknown

        raise NotFoundError(unknown(kind, known, "kind of JSON"))
    schema = read_schema(kind)
    common = read_schema(COMMON)
    if common["$id"] in str(schema):
        schema["$defs"] = {**schema.get("$defs", {}), COMMON: common}
    return schema


def _complete(_ctx: click.Context, _param: click.Parameter, given: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(kind) for kind in kinds() if kind.startswith(given)]


@click.command("schema")
@click.argument("kind", required=False, shell_complete=_complete)
@json_option
@pass_app
def schema_command(_app: App, kind: str | None, as_json: bool) -> None:
    """Print the JSON Schema of a KIND of --json output, or list the kinds.

    KIND is what stands under `kind` in what a command prints. The schemas are of draft 2020-12, and
    allow keys that they do not name: later versions may add some.
    """
    import msgspec

    if kind is not None:
        shown = msgspec.json.encode(whole_schema(kind))
        data(msgspec.json.format(shown, indent=2).decode())
        return
    rows = [(kind, schema["title"], schema["x-commands"]) for kind, schema in _all()]
    if as_json:
        told = [dict(zip(("kind", "title", "commands"), row, strict=True)) for row in rows]
        print_json("schemas", {"schemas": told})
        return
    cells = [(kind, ", ".join(f"{one} --json" for one in of), title) for kind, title, of in rows]
    data(table(("kind", "printed by", "what it is"), cells))


def _all() -> list[tuple[str, dict[str, Any]]]:
    return [(kind, read_schema(kind)) for kind in kinds()]
