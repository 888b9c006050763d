"""Receivers that are real programs: started once, side by side; what is missing is named."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.e2e.matrix import Matrix
from tests.e2e.receivers import KINDS
from tests.e2e.servers import MissingError
from tests.reminders.keeping import kept, plant
from tests.reminders.live import daemon, receiver, smtp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.e2e.receivers import Kind

__all__ = ["daemon", "kept", "plant", "receiver", "smtp"]

ALL: dict[str, Callable[[Path], Kind]] = {**KINDS, "matrix": Matrix}


def _wanted(session: pytest.Session) -> list[str]:
    """The receivers that the chosen tests name, the slowest to begin first."""
    found: dict[str, None] = {}
    for item in session.items:
        marker = item.get_closest_marker("receivers")
        names = list(marker.args if marker else ())
        spec = getattr(item, "callspec", None)
        if spec is not None and spec.params.get("name") in ALL:
            names.append(spec.params["name"])
        found.update(dict.fromkeys(names))
    slow = ("amqp", "matrix", "desktop")
    return [*filter(found.__contains__, slow), *(name for name in found if name not in slow)]


@pytest.fixture(scope="session")
def beginning(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Kind]]]:
    """All receivers that will be needed, each on its way."""
    Matrix.cache = request.config.cache.mkdir("synapse")
    place = tmp_path_factory.mktemp("receivers")
    with ThreadPoolExecutor(4) as pool:
        begun = {name: pool.submit(ALL[name], place / name) for name in _wanted(request.session)}
        yield begun
        for one in begun.values():
            if one.exception() is None:
                pool.submit(one.result().close)


@pytest.fixture
def available(beginning: dict[str, Future[Kind]]) -> Callable[..., list[str]]:
    """Those of the named receivers that this machine can have."""

    def find(*names: str) -> list[str]:
        return [
            name for name in names if not isinstance(beginning[name].exception(400), MissingError)
        ]

    return find


@pytest.fixture
def receive(beginning: dict[str, Future[Kind]]) -> Callable[[str], Kind]:
    """A receiver by its name; the test is skipped where this machine cannot have it."""

    def find(name: str) -> Kind:
        try:
            return beginning[name].result(400)
        except MissingError as missing:
            pytest.skip(f"{name}: {missing}")

    return find
