"""The receiver for ntfy reads buttons as ntfy's documentation shows them."""

from __future__ import annotations

import json

import pytest
from tests.reminders.wire import publish, read_actions


def test_the_short_form() -> None:
    text = (
        "view, Open portal, https://home.nest.com/, clear=true; "
        "http, 'Turn, down; now', https://api.nest.com/, method=PUT, headers.Auth=Bearer x, "
        "body='{\"a\": 65}'; broadcast, Take picture, extras.cmd=pic"
    )
    opened, turned, taken = read_actions(text)
    assert opened == {
        "action": "view", "label": "Open portal", "url": "https://home.nest.com/", "clear": True,
    }  # fmt: skip
    assert turned == {
        "action": "http", "label": "Turn, down; now", "url": "https://api.nest.com/",
        "method": "PUT", "headers": {"Auth": "Bearer x"}, "body": '{"a": 65}', "clear": False,
    }  # fmt: skip
    assert taken["extras"] == {"cmd": "pic"}


def test_the_json_form() -> None:
    one = {"action": "http", "label": "Done", "url": "http://h/d", "clear": True}
    for given in ([one], json.dumps([one])):
        assert read_actions(given) == [{**one, "method": "POST"}]


@pytest.mark.parametrize(
    "text",
    [
        "http, Done",
        "press, Done, http://h/",
        "view, , http://h/",
        ";".join(["view,a,http://h"] * 4),
    ],
)
def test_what_ntfy_answers_with_400(text: str) -> None:
    with pytest.raises(ValueError, match=r"missing|no such|only 3"):
        read_actions(text)


def test_json_to_the_root_and_text_to_a_topic() -> None:
    content = {"topic": "t", "title": "A", "message": "B", "priority": 4, "tags": ["x", "y"]}
    pushed = publish("/", {"X-Actions": "view, Open, http://h/"}, json.dumps(content).encode())
    assert (pushed.topic, pushed.title, pushed.message, pushed.priority) == ("t", "A", "B", 4)
    assert pushed.tags == ("x", "y")
    assert [one["label"] for one in pushed.actions] == ["Open"]
    plain = publish("/t?priority=urgent", {"Title": "A", "Icon": "http://h/i.png"}, b"B")
    assert (plain.title, plain.message, plain.priority, plain.icon) == (
        "A", "B", 5, "http://h/i.png",
    )  # fmt: skip
