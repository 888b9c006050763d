"""What is wrong with a channel's address, in words, without sending and without repeating it."""

from __future__ import annotations

import re
from typing import Any

from reconnect.reminders.deliver import Sender
from reconnect.secrets import masked

_SHOWN_TEMPLATES = 2


def trouble(url: str) -> str | None:
    """Why Apprise cannot use an address here; None where it can.

    The words come from what Apprise says of its services, never from the address.
    """
    sender = Sender()
    schema, separator, rest = url.partition("://")
    service = _service(schema.lower())
    if sender.check(url).accepted and (service is None or rest or _needs_nothing(service)):
        return None
    if not separator:
        return "no address: it should begin with a service, such as ntfys:// or mailtos://"
    if service is None:
        return f"Apprise knows no service {masked(f'{schema}://')}{_near(schema.lower())}"
    name = str(service.service_name)
    if not service.enabled:
        return f"{name} cannot be used here: {_missing(service)}"
    return f"a part is missing or has the wrong form for {name}; expected {_expected(service)}"


def _service(schema: str) -> Any | None:
    """What Apprise knows of a service, as its plugin class; None where it knows none."""
    known = _services()
    return known[schema] if schema in known.schemas() else None


def _services() -> Any:
    from apprise.manager_plugins import NotificationManager

    services: Any = NotificationManager
    return services()


def _needs_nothing(service: Any) -> bool:
    # Apprise takes "ntfy://" for an address, which names no topic to send to.
    return "{schema}://" in service.templates


def _near(schema: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(schema, sorted(_services().schemas()), 1)
    return f", did you mean {near[0]}://?" if near else ""


def _missing(service: Any) -> str:
    needed = service.requirements.get("packages_required") or ()
    packages = [needed] if isinstance(needed, str) else [str(one) for one in needed]
    if packages:
        return f"it needs the Python package {' and '.join(packages)}"
    return str(service.requirements.get("details") or "a package or a program for it is missing")


def _expected(service: Any) -> str:
    """The shortest forms of an address: ntfy://TOPIC or ntfy://HOST/TARGETS."""
    schemas = service.secure_protocol or service.protocol
    first = schemas if isinstance(schemas, str) else next(iter(schemas))
    forms = sorted(service.templates, key=len)[:_SHOWN_TEMPLATES]
    return " or ".join(
        re.sub(r"\{(\w+)\}", lambda part: part[1].upper(), form.replace("{schema}", first))
        for form in forms
    )
