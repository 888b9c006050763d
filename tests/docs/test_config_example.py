"""config.example.toml shows every setting there is, with the default that holds without it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from reconnect.config import ChannelSettings, RouteSettings, Settings, load_settings
from reconnect.reminders.deliver import Sender

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
# A setting that is commented out has no blank after its #; prose has one.
EVERYTHING = re.sub(r"^#(?=\S)", "", TEXT, flags=re.MULTILINE)
# What this test's machine need not have: Apprise refuses these where their package is missing.
OF_ONE_PLATFORM = ("dbus://", "macosx://", "windows://")

FIELDS = [
    (section.name, field)
    for section in msgspec.structs.fields(Settings)
    if section.name not in ("channels", "routes")
    for field in msgspec.structs.fields(section.type)
]


def test_it_loads_as_it_is_and_changes_nothing() -> None:
    assert load_settings(str(EXAMPLE)) == Settings()


def test_it_loads_with_every_comment_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    settings = load_settings(str(path))
    assert len(settings.channels) == TEXT.count("\n#[channels.")


@pytest.mark.parametrize(
    ("section", "field"), FIELDS, ids=[f"{section}.{field.name}" for section, field in FIELDS]
)
def test_it_has_every_setting_with_its_default(
    section: str, field: msgspec.structs.FieldInfo
) -> None:
    shown = tomllib.loads(EVERYTHING)[section]
    assert field.encode_name in shown
    assert shown[field.encode_name] == msgspec.json.decode(msgspec.json.encode(field.default))
    # What it means stands above it.
    assert re.search(rf"^# .+\n{field.encode_name} = ", TEXT, re.MULTILINE)


def test_it_shows_what_a_channel_may_have() -> None:
    known = {field.name for field in msgspec.structs.fields(ChannelSettings)}
    shown = tomllib.loads(EVERYTHING)["channels"].values()
    assert {key for channel in shown for key in channel} == known


def test_it_shows_what_a_route_may_have() -> None:
    known = {field.name for field in msgspec.structs.fields(RouteSettings)}
    assert {key for route in tomllib.loads(EVERYTHING)["routes"] for key in route} == known


def test_apprise_knows_every_address_it_shows() -> None:
    sender = Sender()
    for name, channel in tomllib.loads(EVERYTHING)["channels"].items():
        url = channel["url"]
        if "://" in url and not url.startswith(OF_ONE_PLATFORM):
            assert sender.check(url).accepted, name


def test_no_address_that_could_reach_somebody_is_active() -> None:
    assert "channels" not in tomllib.loads(TEXT)
