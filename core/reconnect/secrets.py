"""Where a secret is kept: in the settings, in an environment variable, or in a file."""

from __future__ import annotations

import os
import re

from reconnect.errors import ConfigError, LockedError

MOST = 4000
"""A secret has at most so many characters."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,29}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")

# Lower-case labels that end in letters, or four numbers: a token with dots in it, such as a JWT,
# looks otherwise.
_HOST = re.compile(r"localhost|\d+(\.\d+){3}|([a-z0-9-]{1,30}\.)+[a-z]{2,20}")


def resolve(reference: str, what: str) -> str:
    """The secret behind a reference: `env:NAME`, `file:PATH`, or the text itself.

    Args:
        reference: as it stands in config.toml.
        what: named in errors, such as "channels.phone.url"; the secret never is.

    Raises:
        LockedError: the variable is not set, or the file cannot be read.
        ConfigError: the file can be read by others, or is empty; what follows is no name.
    """
    kind, _, name = reference.partition(":")
    if kind == "env" and not name.startswith("//"):
        if not _VARIABLE.fullmatch(name):
            # Not repeated: an address that was put here by mistake is a secret.
            raise ConfigError(f"{what}: after env: should stand the name of a variable")
        value = os.environ.get(name, "").strip()
        if not value:
            raise LockedError(f"{what}: the environment variable {name} is not set, or empty")
        return value
    if kind == "file" and not name.startswith("//"):
        return _from_file(os.path.expanduser(name), what)
    return reference


def _from_file(path: str, what: str) -> str:
    from reconnect.paths import is_private

    if not os.path.isabs(path):
        # The daemon is started elsewhere than the command line: "here" would be two places.
        raise ConfigError(f"{what}: the path {path} should begin with / or ~")
    try:
        if not is_private(path):
            raise ConfigError(f"{what}: others can read {path}: run `chmod 600 {path}`")
        with open(path, encoding="utf-8") as file:
            value = file.read(MOST + 1).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        raise LockedError(f"{what}: the file {path} cannot be read ({why})") from error
    if not value:
        raise ConfigError(f"{what}: the file {path} is empty")
    if len(value) > MOST or "\n" in value:
        raise ConfigError(f"{what}: the file {path} should hold one line, and nothing else")
    return value


def is_web_address(text: str) -> bool:
    """Whether it is an address that can be asked for over HTTP, on one line."""
    return re.fullmatch(r"https?://[^\s/?#]+(/\S*|[?]\S*)?", text) is not None


def is_reference(text: str) -> bool:
    """Whether a text only says where a secret is kept, and may be shown."""
    kind, _, name = text.partition(":")
    return (
        bool(_VARIABLE.fullmatch(name)) if kind == "env" else kind == "file" and "://" not in text
    )


def shown(reference: str) -> str:
    """What may be shown of an address: where it is kept, or its scheme and host."""
    return reference if not reference or is_reference(reference) else masked(reference)


def masked(url: str) -> str:
    """A URL without anything secret: its scheme and host, as `ntfy://host/…`.

    Where the host is itself the secret (a topic, a token), only the scheme is shown.
    """
    scheme, found, rest = url.partition("://")
    if not found or not _SCHEME.fullmatch(scheme):
        return "…"
    if not rest:
        return f"{scheme}://"
    host = rest.partition("/")[0].rpartition("@")[2].partition("?")[0].partition(":")[0]
    return f"{scheme}://{host}/…" if _HOST.fullmatch(host) else f"{scheme}://…"
