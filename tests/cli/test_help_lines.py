"""Who helps people that are afraid: what stands in the list, what is said, and no trace left."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from reconnect.cli.help_lines import NOT_CALLED, WRONG_TOOL
from reconnect.errors import DamagedError
from reconnect.help_lines import DATA, HelpLine, guess_country, load_help_lines

if TYPE_CHECKING:
    from tests.conftest import Result, Run

KNOWN = load_help_lines()
LINES = [(country.code, line) for country in KNOWN.countries for line in country.lines]
EVERY = [*LINES, *(("elsewhere", line) for line in KNOWN.elsewhere)]
IDS = [f"{code}-{line.name}" for code, line in EVERY]
TEXT = Path(DATA).read_text(encoding="utf-8")


def iso_codes() -> set[str]:
    """The codes of ISO 3166, as the zone database has them."""
    package = find_spec("tzdata")
    own = list(package.submodule_search_locations or ()) if package else []
    for place in ["/usr/share/zoneinfo", *(f"{place}/zoneinfo" for place in own)]:
        table = Path(place, "iso3166.tab")
        if table.is_file():
            lines = table.read_text(encoding="utf-8").splitlines()
            return {line[:2] for line in lines if line and not line.startswith("#")}
    pytest.skip("no list of country codes on this machine")


def in_one_line(text: str) -> str:
    return " ".join(text.split())


# --- the list -----------------------------------------------------------------------------------


def test_the_countries_are_countries_and_stand_in_order() -> None:
    codes = [country.code for country in KNOWN.countries]
    assert set(codes) <= iso_codes()
    assert len(set(codes)) == len(codes) >= 12
    names = [country.name for country in KNOWN.countries]
    assert names == sorted(names)


@pytest.mark.parametrize(("code", "line"), EVERY, ids=IDS)
def test_each_entry_can_be_reached_and_says_where_it_was_read(code: str, line: HelpLine) -> None:
    assert line.number or line.web
    assert date(2026, 11, 23) <= line.checked
    for address in (line.source, *line.also, line.web or line.source):
        assert urlsplit(address).scheme in {"http", "https"}
        assert "." in urlsplit(address).netloc
    assert line.source not in line.also
    for number in filter(None, (line.number, line.text)):
        assert any(character.isdigit() for character in number)
    assert line.purpose.endswith(".")
    assert len(line.purpose) <= 96
    for text in (line.name, line.purpose, line.hours or "", *line.languages):
        assert text == in_one_line(text)
        assert text.isprintable()


def test_every_country_has_somebody_for_those_who_are_hurt() -> None:
    for country in KNOWN.countries:
        assert "hurt" in country.lines[0].helps, country.code
    assert {helps for _, line in EVERY for helps in line.helps} == {"hurt", "hurting", "crisis"}


BROKEN = [
    ('source = "https://lila.help/swa/kuhusu-lila-help"\n', "", "elsewhere[0].source: missing"),
    ("checked = 2026-11-23\n", 'checked = "soon"\n', "elsewhere[0].checked"),
    ('code = "AU"', 'code = "Aus"', "countries[0].code: expected two capitals"),
    ('helps = ["hurt"]', "helps = []", "elsewhere[0].helps"),
    ('helps = ["hurt"]', 'helps = ["all"]', "one of crisis, hurt, hurting"),
    ("verified = true\n", "verifed = true\n", "did you mean verified?"),
    ('web = "https://lila.help"\n', "", "elsewhere[0].web (Lila.help): missing"),
    ('code = "AT"', 'code = "AU"', "countries[1]: 'AU' is there twice"),
    ('number = "180"\n', "", "countries[3].lines[0] (Ligue 180"),
    ("[[elsewhere]]", "[[elsewhere", "not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_what_is_wrong_in_the_list_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "help_lines.toml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DamagedError) as caught:
        load_help_lines(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_list_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="cannot be read"):
        load_help_lines(str(tmp_path / "none.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(DamagedError, match="not valid TOML"):
        load_help_lines(str(tmp_path / "bytes.toml"))


# --- what is said -------------------------------------------------------------------------------


def test_it_begins_with_the_note_and_ends_with_what_was_not_checked(cli: Run) -> None:
    shown = cli("help-lines", "nz")
    assert (shown.code, shown.err) == (0, "")
    said = in_one_line(shown.out)
    assert said.startswith(WRONG_TOOL)
    assert "is not your fault" in WRONG_TOOL
    assert said.endswith(NOT_CALLED)
    assert "was not called by us" in NOT_CALLED
    assert "New Zealand (NZ)" in shown.out
    assert "Australia" not in shown.out
    for line in KNOWN.find("NZ").lines:
        assert f"  {line.name}\n    {line.number}\n" in shown.out
        assert f"    {line.source}\n" in shown.out
        assert in_one_line(line.purpose) in said
    assert said.count("read on 2026-11-23") == len(KNOWN.find("NZ").lines) + len(KNOWN.elsewhere)
    assert all(str(line.web) in shown.out for line in KNOWN.elsewhere)


def test_it_says_how_to_hide_it_and_how_to_erase_everything(cli: Run, home: Path) -> None:
    said = in_one_line(cli("help-lines").out)
    assert "type clear and press Enter" in said or os.name == "nt"
    assert "closing the window" in said
    assert "`reconnect daemon stop`" in said
    assert f" {home} " in said


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the platform has its own places")
def test_it_names_every_directory_once(
    cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RECONNECT_HOME")
    user = tmp_path / "user"
    assert cli("help-lines", "--json").json()["directories"] == [
        f"{user}/{place}/reconnect"
        for place in (".cache", ".config", ".local/share", ".local/state")
    ]


@pytest.mark.parametrize(
    ("shell", "said"),
    [
        ("/bin/bash", "`history -d NUMBER`"),
        ("/usr/bin/zsh", "~/.zsh_history"),
        ("/usr/bin/fish", "typed with a blank before it"),
        ("", "look with the arrow-up key"),
        ("/bin/tcsh", "look with the arrow-up key"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="PowerShell has its own words")
def test_it_says_what_the_shell_keeps(
    cli: Run, monkeypatch: pytest.MonkeyPatch, shell: str, said: str
) -> None:
    monkeypatch.setenv("SHELL", shell)
    assert said in in_one_line(cli("help-lines").out)


def test_a_third_party_page_is_marked(cli: Run) -> None:
    out = cli("help-lines", "ES").out
    assert not KNOWN.find("ES").lines[0].verified
    assert "on a page of somebody else than the line" in in_one_line(out)


@pytest.mark.parametrize("name", ["GB", "gb", "uk", " United  kingdom ", "Scotland"])
def test_a_country_by_code_or_name(cli: Run, name: str) -> None:
    assert [one["code"] for one in cli("help-lines", name, "--json").json()["countries"]] == ["GB"]


@pytest.mark.parametrize("color", ["always", "never"])
def test_the_texts_fit_a_hundred_columns(
    monkeypatch: pytest.MonkeyPatch, terminal_width: int, cli: Run, color: str
) -> None:
    monkeypatch.setenv("RECONNECT_HOME", "/tmp/reconnect")  # noqa: S108 - only its name is shown
    shown = cli("--color", color, "help-lines", "--all").out
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert (plain != shown) == (color == "always")
    assert plain.isprintable() or set(filter(lambda c: not c.isprintable(), plain)) == {"\n"}
    for line in plain.splitlines():
        # An address is never broken: it could not be followed.
        assert len(line) <= terminal_width or line.strip().startswith(("http://", "https://"))
        assert len(line) <= terminal_width or " " not in line.strip()
    assert all(f"{country.name} ({country.code})" in plain for country in KNOWN.countries)


@pytest.fixture
def terminal_width(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COLUMNS", "300")
    return 100


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("germny", "did you mean Germany (DE)?"),
        ("Irelan", "did you mean Ireland (IE) or"),
        ("Atlantis", "There are some for AT, AU, BE,"),
        ("XX", "for other countries see https://lila.help"),
        ("", "no help lines here for ''"),
        ("D\nE\x1b[31m", "no help lines here for 'D E"),
    ],
)
def test_an_unknown_country(cli: Run, name: str, near: str) -> None:
    refused = cli("help-lines", name)
    assert (refused.code, refused.out) == (3, "")
    assert near in refused.err
    assert refused.err.count("\n") == 1
    assert refused.err.rstrip("\n").isprintable()


def test_a_country_and_all_of_them(cli: Run) -> None:
    refused = cli("help-lines", "DE", "--all")
    assert (refused.code, refused.out) == (2, "")


def test_json_has_all_that_the_list_has(cli: Run) -> None:
    shown = cli("help-lines", "--all", "--json").json()
    assert (shown["schema_version"], shown["kind"]) == (1, "help-lines")
    assert shown["note"][0] == WRONG_TOOL
    assert shown["not_called"] == NOT_CALLED
    assert shown["guessed"] is None
    assert shown["known"] == [country.code for country in KNOWN.countries]
    listed = [line for country in shown["countries"] for line in country["lines"]]
    assert len(listed) == len(LINES)
    for line, (_, known) in zip(listed, LINES, strict=True):
        assert line["name"] == known.name
        assert line["source"] == known.source
        assert line["checked"] == known.checked.isoformat()
        assert line["verified"] is known.verified
        assert line.get("number") == known.number
    assert [line["web"] for line in shown["elsewhere"]] == [line.web for line in KNOWN.elsewhere]


# --- where you are ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "locale", "code"),
    [
        ("Europe/Vienna", "de_DE.UTF-8", "AT"),
        ("Europe/Zurich", "", "CH"),
        ("America/Los_Angeles", "en_GB.UTF-8", "US"),
        ("UTC", "pt_BR.UTF-8", "BR"),
        ("UTC", "C.UTF-8", None),
        ("Europe/Nowhere", "en", None),
        ("America/Mexico_City", "", "MX"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the zone is told by TZ")
def test_the_country_is_guessed_from_the_zone_then_the_locale(
    monkeypatch: pytest.MonkeyPatch, cli: Run, zone: str, locale: str, code: str | None
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("LANG", locale)
    assert guess_country() == code
    shown = cli("help-lines")
    assert shown.code == 0
    if code in {country.code for country in KNOWN.countries}:
        assert f"For {code}; others: reconnect help-lines CODE" in shown.out
        assert f"{KNOWN.find(str(code)).name} ({code})" in shown.out
    else:
        named = f"There is no list for {code} here." if code else "Which country are you in?"
        assert f"{named} Say one with `reconnect help-lines CODE`" in in_one_line(shown.out)
        assert "https://lila.help" in shown.out


# --- no trace -----------------------------------------------------------------------------------

WATCHED = """
import sys
wrote = []
def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if flags & 3 or (mode or "r").strip("bt") != "r":
            wrote.append(f"open {path}")
    elif event.startswith(("os.mkdir", "os.rename", "os.remove", "sqlite3", "socket", "shutil",
                           "subprocess", "os.exec", "os.fork", "os.posix_spawn")):
        wrote.append(event)
sys.addaudithook(watch)
from reconnect.cli.main import run
code = run(sys.argv[1:])
print(code, *wrote, sep="|", file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments", [(), ("DE",), ("--all",), ("--json",), ("nowhere",), ("--help",)]
)
def test_it_writes_nothing_opens_no_database_and_asks_no_network(
    home: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, "help-lines", *arguments], capture_output=True,
        text=True, check=True, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == ("3" if arguments == ("nowhere",) else "0")
    assert not home.exists()
    assert sorted(tmp_path.rglob("*")) == before


def same_as_anywhere(found: Result, home: Path) -> None:
    assert found.code == 0, found
    assert found.err == ""
    assert "116 016" in found.out
    assert str(home) in found.out


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX")
def test_it_works_where_nothing_can_be_written(
    process: Run, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    # Below a file nobody can write, not even root.
    monkeypatch.setenv("HOME", str(file / "user"))
    monkeypatch.setenv("RECONNECT_HOME", str(file / "home"))
    same_as_anywhere(process("help-lines", "DE"), file / "home")
    assert file.read_bytes() == b""
    monkeypatch.setenv("RECONNECT_HOME", str(home))
    home.mkdir(mode=0o555)
    same_as_anywhere(process("help-lines", "DE"), home)
    assert list(home.iterdir()) == []
    home.chmod(0o755)


def test_it_works_when_everything_else_is_broken(process: Run, home: Path) -> None:
    broken = {
        "config.toml": b"[person\n\xff",
        "reconnect.db": b"no database " * 500,
        "plugins.json": b"{",
        "cache/catalog.json": b"\x00",
        "rules/bad/rule.toml": b'id = "help-lines"\napi = 99',
    }
    for name, content in broken.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    files = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    same_as_anywhere(process("help-lines", "DE"), home)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == files


def test_it_is_listed_and_completes_codes(cli: Run, process: Run) -> None:
    assert "help-lines" in cli("--help").out
    answered = process(
        env={
            "_RECONNECT_COMPLETE": "bash_complete",
            "COMP_WORDS": "reconnect help-lines n",
            "COMP_CWORD": "2",
        }
    )
    assert answered.out.split() == ["plain,NL", "plain,NZ", "plain,NO"]
