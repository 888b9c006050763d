"""Help lines per country: read from data/help_lines.toml, and the country this machine is in."""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from typing import Annotated, Literal

import msgspec

from reconnect.errors import DamagedError, NotFoundError

DATA = os.path.join(os.path.dirname(__file__), "data", "help_lines.toml")

Line = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=160, pattern=r"^\S.*$", description="one line of text"),
]
Address = Annotated[
    str,
    msgspec.Meta(
        max_length=300,
        pattern=r"^https?://[^\s/]+\.[^\s/]+(/\S*)?$",
        description="an address that begins with https:// or http://",
    ),
]
Code = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Z]{2}$", description="two capitals, as ISO 3166 has them")
]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class HelpLine(_Table, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who helps, and where that was read. None of them was called.

    `verified` is true where the pages belong to the line itself, to a public authority or to
    another help service; what a key is missing for was not on the pages.
    """

    name: Line
    purpose: Line
    helps: Annotated[tuple[Literal["hurt", "hurting", "crisis"], ...], msgspec.Meta(min_length=1)]
    languages: tuple[Line, ...] = ()
    number: Line | None = None
    text: Line | None = None
    web: Address | None = None
    hours: Line | None = None
    checked: date
    source: Address
    also: tuple[Address, ...] = ()
    verified: bool


class Country(_Table, frozen=True, kw_only=True, omit_defaults=True):
    """A country by its ISO code, and its help lines."""

    code: Code
    name: Line
    also_called: tuple[Line, ...] = ()
    lines: Annotated[tuple[HelpLine, ...], msgspec.Meta(min_length=1)]


class HelpLines(_Table, frozen=True, kw_only=True):
    """All there are. `elsewhere` are lists of help lines around the world."""

    elsewhere: Annotated[tuple[HelpLine, ...], msgspec.Meta(min_length=1)]
    countries: Annotated[tuple[Country, ...], msgspec.Meta(min_length=1)]

    def find(self, name: str) -> Country:
        """The country of that code or name, in whatever case.

        Raises:
            NotFoundError: it is not among them.
        """
        from difflib import get_close_matches

        codes = sorted(country.code for country in self.countries)
        wanted = " ".join(name.split()).casefold()
        known = {}
        for country in self.countries:
            for called in (country.code, country.name, *country.also_called):
                known[called.casefold()] = country
        if wanted in known:
            return known[wanted]
        near = {known[match].code: known[match] for match in get_close_matches(wanted, known, 2)}
        hint = " or ".join(f"{country.name} ({code})" for code, country in near.items())
        hint = f", did you mean {hint}?" if hint else "."
        raise NotFoundError(
            f"no help lines here for '{name}'{hint} There are some for {', '.join(codes)}; "
            f"for other countries see {self.elsewhere[0].web}"
        )


def load_help_lines(path: str = DATA) -> HelpLines:
    """Read the data file.

    Raises:
        DamagedError: it cannot be read, or something in it is not as it should be: file and key.
    """
    try:
        with open(path, "rb") as file:
            data = tomllib.loads(file.read().decode())
    except OSError as error:
        raise DamagedError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise DamagedError(f"{path}: not valid TOML: {error}") from error
    try:
        found = msgspec.convert(data, HelpLines)
    except msgspec.ValidationError as error:
        from reconnect.explain import explain

        key, reason = explain(error, HelpLines, data)
        raise DamagedError(f"{path}: {key}: {reason}" if key else f"{path}: {reason}") from error
    _check(found, path)
    return found


def guess_country() -> str | None:
    """The code of the country that the machine's time zone, or else its locale, speaks of."""
    from reconnect.clock import machine_tzid

    return _country_of_zone(machine_tzid()) or _country_of_locale()


def _check(found: HelpLines, path: str) -> None:
    seen: set[str] = set()
    for place, country in enumerate(found.countries):
        for called in (country.code, country.name, *country.also_called):
            if called.casefold() in seen:
                raise DamagedError(f"{path}: countries[{place}]: '{called}' is there twice")
            seen.add(called.casefold())
        for number, line in enumerate(country.lines):
            if not (line.number or line.web):
                raise DamagedError(
                    f"{path}: countries[{place}].lines[{number}] ({line.name}): expected a number "
                    "or a web address"
                )
    for number, line in enumerate(found.elsewhere):
        if not line.web:
            raise DamagedError(f"{path}: elsewhere[{number}].web ({line.name}): missing")


def _country_of_zone(tzid: str) -> str | None:
    """Look the zone up in the table of zones and countries that lies beside the zones."""
    for place in _zone_directories():
        try:
            with open(os.path.join(place, "zone.tab"), encoding="utf-8") as file:
                for line in file:
                    parts = line.rstrip("\n").split("\t")
                    if len(parts) > 2 and parts[2] == tzid:
                        return parts[0]
        except (OSError, ValueError):
            continue
    return None


def _zone_directories() -> list[str]:
    from importlib.util import find_spec
    from zoneinfo import TZPATH

    package = find_spec("tzdata")
    own = package.submodule_search_locations if package else None
    return [*TZPATH, *(os.path.join(place, "zoneinfo") for place in own or ())]


def _country_of_locale() -> str | None:
    """The country in `de_AT.UTF-8`, from the variables that a shell sets."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        named = re.match(r"[a-z]{2,3}_([A-Z]{2})\b", os.environ.get(variable, ""))
        if named:
            return named[1]
    return None
