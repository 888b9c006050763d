"""The commands that rules bring along: how broken ones fail, and what a session offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import GOOD

if TYPE_CHECKING:
    from tests.conftest import Run
    from tests.rules.conftest import Site

COMMANDS = f"""
import click
{GOOD}
@hookimpl
def reconnect_register_commands():
    RETURN

def build():
    BUILD

@click.command()
@click.option("--cups", type=int, default=1)
@pass_session
def brew(session, cups):
    RUN
"""


def tea(site: Site, *, given: str = "", build: str = "return brew", run: str = "pass") -> None:
    given = given or "return [PluginCommand('brew', 'Put the kettle on.', build)]"
    code = COMMANDS.replace("RETURN", given).replace("BUILD", build).replace("RUN", run)
    site.install("tea", code)


def problems(cli: Run) -> list[str]:
    rows = cli("plugins", "--json").json()["plugins"]
    (row,) = [row for row in rows if row["plugin"] == "tea"]
    assert row["state"] == "on"
    return [problem["why"] for problem in row["problems"]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("return PluginCommand('brew', 'B', build)", "returned PluginCommand, expected a list"),
        ("return 5", "returned int, expected a list of PluginCommand"),
        ("return 'brew'", "returned str, expected a list of PluginCommand"),
        ("return [brew]", "gave Command for a command, expected PluginCommand"),
        ("return [PluginCommand('Brew Tea', 'B', build)]", "gave a command the name 'Brew Tea'"),
        ("return [PluginCommand(None, 'B', build)]", "gave a command the name None"),
        ("return [PluginCommand('brew', '', build)]", "gave the command 'brew' no help text"),
        ("return [PluginCommand('brew', 'B', None)]", "gave the command 'brew' no function"),
    ],
)
def test_what_is_no_command_is_a_problem_and_the_rule_stays(
    site: Site, cli: Run, given: str, expected: str
) -> None:
    tea(site, given=given)
    (why,) = problems(cli)
    assert why.startswith(expected)
    assert cli("adopt", "tea").code == 0
    told = cli("tea", "brew")
    assert told.code == 1
    assert f"the plugin tea 1.0 could not say which commands it has: {expected}" in told.err
    assert told.err.count("\n") == 1
    assert "warn" in cli("doctor").out


def test_of_two_of_one_name_the_first_counts_and_good_ones_stay(site: Site, cli: Run) -> None:
    tea(
        site,
        given="return [PluginCommand('brew', 'One.', build), PluginCommand('brew', 'Two.', build)]",
    )
    assert problems(cli) == ["gave two commands named 'brew'"]
    assert "One." in cli("tea", "--help").out
    assert cli("tea", "brew").code == 0


def test_no_commands_are_no_problem(site: Site, cli: Run) -> None:
    tea(site, given="return None")
    assert problems(cli) == []
    for command in ("--help", "brew"):
        told = cli("tea", command)
        assert told.code == 2
        assert told.err == (
            "reconnect: tea has no commands of its own: `reconnect rules tea` shows what it is "
            "about\n"
        )


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("raise ImportError('no kettle')", "ImportError: no kettle"),
        ("raise SystemExit", "tried to end the program"),
        ("return 5", "gave int, expected a click command"),
        ("return None", "gave NoneType, expected a click command"),
    ],
)
def test_a_command_that_cannot_be_built_explains_itself(
    site: Site, cli: Run, build: str, expected: str
) -> None:
    tea(site, build=build)
    assert cli("tea", "--help").code == 0
    done = cli("tea", "brew", "--cups", "3", "more")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert f"the command brew of the plugin tea 1.0 is broken: {expected}" in done.err
    assert "Broken" in cli("tea", "brew", "--help").out
    (why,) = problems(cli)
    assert why.startswith(expected)
    assert f"tea: building the command brew: {expected}" in cli("plugins").out
    assert f"tea: building the command brew: {expected}" in cli("doctor").out


def test_looking_at_commands_that_cannot_be_built_turns_nothing_off(site: Site, cli: Run) -> None:
    broken = [f"PluginCommand('brew{n}', 'B', build)" for n in range(4)]
    tea(site, given=f"return [{', '.join(broken)}]", build="1 / 0")
    for _ in range(3):
        assert len(problems(cli)) == 4
    assert cli("adopt", "tea").code == 0


def test_enabling_tells_of_a_command_that_cannot_be_built(site: Site, cli: Run) -> None:
    tea(site, build="raise ImportError('no kettle')")
    assert cli("plugins", "disable", "tea").code == 0
    done = cli("plugins", "enable", "tea", "--yes")
    assert done.code == 1
    assert "broken in building the command brew: ImportError: no kettle" in done.err


def test_a_command_of_a_plugin_that_is_off_says_how_to_turn_it_on(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea(site)
    assert cli("plugins", "disable", "tea").code == 0
    done = cli("tea", "brew", "--cups", "3")
    assert done.code == 3
    assert done.err == (
        "reconnect: the plugin tea 1.0 does not run (turned off by you): `reconnect plugins enable "
        "tea` turns it on\n"
    )
    assert cli("plugins", "enable", "tea", "--yes").code == 0
    monkeypatch.setenv("RECONNECT_PLUGINS", "listen")
    done = cli("tea", "brew")
    assert (done.code, done.err) == (
        3, "reconnect: the plugin tea 1.0 does not run (left out by RECONNECT_PLUGINS)\n"
    )  # fmt: skip


def test_a_command_of_one_that_is_not_enabled_yet_says_how(site: Site, cli: Run) -> None:
    site.install("tea", enable=False)
    done = cli("tea", "brew")
    assert done.code == 3
    assert done.err == (
        "reconnect: the plugin tea 1.0 does not run (not enabled: `reconnect plugins enable tea`)\n"
    )


def test_a_command_of_a_broken_plugin_says_why(site: Site, cli: Run) -> None:
    site.install("tea", "raise ImportError('no kettle')")
    done = cli("tea", "brew")
    assert done.code == 1
    assert "the plugin tea 1.0 is broken" in done.err
    assert "ImportError: no kettle" in done.err
    assert "`reconnect plugins disable tea`" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("name", ["RECONNECT_TRACEBACK", "RECONNECT_PLUGINS_STRICT"])
def test_authors_see_where_it_went_wrong(site: Site, process: Run, name: str) -> None:
    tea(site, run="raise KeyError('kettle')")
    done = process("tea", "brew", env={name: "1"})
    assert done.code == 1
    assert "Traceback" in done.err
    assert "raise KeyError('kettle')" in done.err
    assert "a bug" not in done.err


@pytest.mark.parametrize("code", ["1 / 0", "raise ImportError('no kettle')"])
def test_strict_mode_shows_the_traceback_of_loading(site: Site, process: Run, code: str) -> None:
    site.install("tea", code)
    done = process("rules", env={"RECONNECT_PLUGINS_STRICT": "1"})
    assert done.code == 1
    assert "Traceback" in done.err
    assert code in done.err
    assert "a bug" not in done.err


def test_a_command_that_fails_is_named_as_its_plugins(
    site: Site, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea(site, run="raise KeyError('kettle')")
    done = cli("tea", "brew")
    assert done.code == 1
    assert "a command of the plugin tea 1.0 failed: KeyError: 'kettle'" in done.err
    assert "Traceback" not in done.err
    monkeypatch.setenv("RECONNECT_TRACEBACK", "1")
    with pytest.raises(KeyError):
        cli("tea", "brew")


@pytest.mark.parametrize(
    ("run", "code", "err"),
    [
        ("raise click.UsageError('no water')", 2, "no water"),
        ("raise click.Abort", 130, "stopped"),
        ("raise click.exceptions.Exit(7)", 7, ""),
        ("session.record(fields={'mugs': 1})", 2, "tea has no field 'mugs'"),
        ("session.record(fields={'cups': 99})", 2, "a whole number from 1 to 20"),
        ("session.record(fields={'cups': 1}, habit='pot')", 3, "'pot' is not adopted"),
        ("session.record(kind='lapse', lapse='hot')", 3, "tea has no lapse 'hot'"),
    ],
)
def test_an_error_that_a_command_means_keeps_its_exit_code(
    site: Site, cli: Run, run: str, code: int, err: str
) -> None:
    tea(site, run=run)
    assert cli("adopt", "tea").code == 0
    done = cli("tea", "brew")
    assert done.code == code
    assert err in done.err


def test_an_unknown_command_of_a_rule(site: Site, cli: Run) -> None:
    tea(site)
    done = cli("tea", "brwe")
    assert done.code == 2
    assert "no command 'brwe', did you mean brew?" in done.err


def test_the_help_of_a_rule_imports_nothing_of_it(site: Site, process: Run) -> None:
    tea(site)
    process("tea", "--help")
    (site.place / "reconnect_tea" / "__pycache__").mkdir(exist_ok=True)
    done = process("tea", "--help")
    assert "A cup of tea together." in done.out
    assert "Put the kettle on." in done.out
    assert "  tea brew  " in process("--help").out


def test_a_session_looks_records_and_says(site: Site, cli: Run) -> None:
    tea(
        site,
        run="""
    if not session.adopted:
        session.require()
    entry = session.record(fields={"cups": cups}, landed="warm")
    session.record(kind="lapse", lapse="cold")
    found = session.history()
    session.show(f"{[e.kind for e in found.entries]} {found.day} {session.today}")
    session.show(f"{session.wall:%H:%M} {session.now:%H:%M} {session.interactive}")
    session.show(f"{session.ask('Milk?', 'no')} {session.confirm('Sugar?', None)}")
    session.show(f"{session.confirm('More?', True)} {session.person_name!r} {entry.fields}")
    session.progress("nobody sees this")
    session.say("Enjoy.")
""".strip(),
    )
    refused = cli("tea", "brew")
    assert refused.code == 3
    assert refused.err == "reconnect: tea is not adopted: `reconnect adopt tea` takes it up\n"
    assert cli("adopt", "tea").code == 0
    assert cli("log", "listen", "5").code == 3
    done = cli("tea", "brew", "--cups", "2")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "['done', 'lapse'] 2026-11-23 2026-11-23", "12:00 11:00 False", "no None",
        "True '' {'cups': 2}",
    ]  # fmt: skip
    assert done.err.endswith("Enjoy.\n")
    assert "nobody" not in done.err
    (day,) = cli("history", "--json").json()["days"]
    assert {entry["kind"] for entry in day["entries"]} == {"done", "lapse"}


def test_a_session_sees_its_own_rule_only(site: Site, cli: Run) -> None:
    tea(site, run="session.show(len(session.history().entries).__str__())")
    for name in ("tea", "listen"):
        assert cli("adopt", name).code == 0
    cli("log", "listen", "5")
    assert cli("tea", "brew").out == "0\n"
    cli("log", "tea", "1")
    assert cli("tea", "brew").out == "1\n"
