"""Everything that is wrong with the data of a file, not only the first thing."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import msgspec

from reconnect.explain import diagnose

if TYPE_CHECKING:
    from reconnect.explain import Fault

_MOST = 100


def faults(kind: type, data: Any) -> tuple[list[Fault], Any]:
    """What cannot be read as a kind of struct, and the data without it.

    What is found is taken out and the rest is read again, until it can be read. Of a list that
    holds several mistakes the first is named.

    Args:
        kind: the struct that the file is read as.
        data: what stands in the file.
    """
    rest = deepcopy(data)
    found: list[Fault] = []
    taken: set[tuple[str | int, ...]] = set()
    for _ in range(_MOST):
        try:
            msgspec.convert(rest, kind)
        except msgspec.ValidationError as error:
            fault = diagnose(error, kind, rest)
            # A key that was taken out is not missing for that.
            if fault.path not in taken:
                found.append(fault)
            gone = fault.path[:-1] if fault.missing else fault.path
            if not _take_out(rest, gone):
                break
            taken.add(gone)
        else:
            return found, rest
    return found, {}


def _take_out(data: Any, path: tuple[str | int, ...]) -> bool:
    """Take what stands at a path out of the data; of a list all of it."""
    steps = list(path)
    while steps and isinstance(steps[-1], int):
        steps.pop()
    spot = data
    for step in steps[:-1]:
        spot = spot[step]
    if not steps or not isinstance(spot, dict) or steps[-1] not in spot:
        return False
    del spot[steps[-1]]
    return True
