"""One review as terminal text, Markdown, HTML and JSON: all of it, and as text alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import snapshots
from tests.review.conftest import SUNDAY
from tests.review.past import app_now

from reconnect.model.reviewing import ReviewSection
from reconnect.model.week import Week
from reconnect.review import layout
from reconnect.review.as_html import MARK, as_html
from reconnect.review.as_json import as_json
from reconnect.review.as_markdown import as_markdown, escaped
from reconnect.review.as_text import as_text
from reconnect.review.charts.look import Look
from reconnect.review.weekly import Review, Warm, WayBack, review_of
from reconnect.rules.catalog import load_registry
from reconnect.textfit import columns

HERE = Path(__file__).parent / "snapshots"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
LOOKS = {
    **{f"review-{width}": Look(width, 0, True) for width in (20, 40, 80, 120)},
    "review-80-256": Look(80, 256, True),
    "review-40-16": Look(40, 16, True),
}


@pytest.fixture
def review(effort: None) -> Review:
    """The week of 9 November, looked back at on the Sunday after it."""
    with app_now() as app:
        registry = load_registry(app.paths)
        week = Week.of(SUNDAY - timedelta(days=7))
        return review_of(app.db, app.person, registry, week, SUNDAY)


@pytest.mark.parametrize("name", LOOKS)
def test_what_a_terminal_shows(review: Review, name: str) -> None:
    look = LOOKS[name]
    lines = as_text(review, look)
    snapshots.check(HERE / f"{name}.txt", "\n".join(lines) + "\n")
    for line in lines:
        assert columns(ESCAPE.sub("", line)) <= look.width
        assert line == line.rstrip()
    assert ("\x1b" in "".join(lines)) == bool(look.colors)


def test_what_markdown_holds(review: Review) -> None:
    snapshots.check(HERE / "review.md", as_markdown(review))


def test_what_the_page_holds(review: Review) -> None:
    page = as_html(review)
    body = page[page.index("<main>") :]
    # The pictures have snapshots of their own.
    body = re.sub(r"<svg.*?</svg>", "<svg/>", body, flags=re.DOTALL)
    body = re.sub(r"(</(li|p|h2|tr|section|details)>)", r"\1\n", body)
    snapshots.check(HERE / "review.html", body)


class Page(HTMLParser):
    """Every tag and attribute of a page, its text, and whether each tag is closed again."""

    VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_asks_nobody_for_anything(review: Review) -> None:
    page = as_html(review)
    found = Page(page)
    assert found.open == []
    names = {tag for tag, _ in found.tags}
    assert not names & {
        "script",
        "link",
        "img",
        "iframe",
        "form",
        "input",
        "object",
        "video",
        "base",
    }
    attributes = {name for _, given_ in found.tags for name in given_}
    assert not attributes & {
        "src",
        "href",
        "srcset",
        "style",
        "action",
        "data",
        "onclick",
        "onload",
    }
    assert not [name for name in attributes if name.startswith("on")]
    assert "url(" not in page
    assert "@import" not in page
    assert re.findall(r"https?://[^\"'<\s]+", page) == ["http://www.w3.org/2000/svg"] * page.count(
        "<svg xmlns"
    )
    policy = next(a for t, a in found.tags if t == "meta" and "http-equiv" in a)
    assert "default-src 'none'" in (policy["content"] or "")
    assert MARK in page[:600]


def test_the_page_can_be_read_aloud(review: Review) -> None:
    page = as_html(review)
    found = Page(page)
    assert ("html", {"lang": "en"}) in found.tags
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [a["id"] for _, a in found.tags if "id" in a]
    assert len(set(ids)) == len(ids)
    named = {n for _, a in found.tags for n in (a.get("aria-labelledby") or "").split()}
    assert named <= set(ids)
    for tag, attributes in found.tags:
        if tag == "svg":
            assert attributes.get("role") == "img" or attributes.get("aria-hidden") == "true"
        if tag == "th":
            assert attributes.get("scope") in ("col", "row")
    # What shapes say to the eye stands there in words.
    assert found.text.count("kept") > 10
    assert "nothing logged" in found.text
    # The picture of closeness has its numbers beside it.
    assert "The same in numbers" in found.text
    for drawn in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(drawn)  # noqa: S314 - made by ourselves a line above


def test_the_page_prints_and_follows_the_dark(review: Review) -> None:
    page = as_html(review)
    assert "@media print" in page
    assert "@page{" in page
    assert "prefers-color-scheme:dark" in page
    assert "width=device-width" in page


LETTERS = "<>&\"'`|*_[]()#\\~!$ ab\u00e4\u4e2d\u202e\U0001f600\n\t-"
NASTY = st.text(st.sampled_from(LETTERS), min_size=1, max_size=60).filter(str.strip)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(NASTY)
def test_what_a_person_wrote_is_never_markup(review: Review, text: str) -> None:
    line = " ".join(text.split())
    review = msgspec.structs.replace(
        review,
        chosen=line,
        choice=line,
        warm=(Warm(day=review.until, title=line, said=text, note=text),),
        ways_back=(WayBack(title=line, lapse=line, next_act=text, back=None),),
        sections=(("x", ReviewSection(title=line, lines=(text, text))),),
        question=line,
    )
    page = Page(as_html(review))
    assert page.open == []
    assert line in " ".join(page.text.split()) or "`" in line
    plain = Page(as_html(msgspec.structs.replace(review, chosen="x", choice="x")))
    count = [tag for tag, _ in page.tags if tag != "code"]
    assert count == [tag for tag, _ in plain.tags if tag != "code"]
    markdown = as_markdown(review)
    # No text begins a heading, a quote or a row of its own, and no tag is left in it.
    assert len(re.findall(r"^# ", markdown, re.MULTILINE)) == 1
    assert len(re.findall(r"^## ", markdown, re.MULTILINE)) == len(list(layout.parts(review)))
    assert not re.search(r"(?<!\\)<[^!]", markdown)
    for width in (20, 40, 80):
        for shown in as_text(review, Look(width, 0, True)):
            assert columns(shown) <= width
            assert "\n" not in shown
    assert msgspec.json.decode(msgspec.json.encode(as_json(review)))["chosen"] == line


def test_all_forms_say_the_same(review: Review) -> None:
    flat = re.compile(r"\s+")
    forms = {
        "text": " ".join(" ".join(as_text(review, Look(100, 0, True))).split()),
        "page": flat.sub(" ", Page(as_html(review)).text),
        "markdown": flat.sub(" ", as_markdown(review).replace("\\", "")),
    }
    for part in layout.parts(review):
        for words in (part.title, *(text for line in part.lines for text in line if text)):
            if "`" in words:
                continue
            for name, form in forms.items():
                assert flat.sub(" ", words) in form, name
    for one in review.habits:
        for words in (one.title, layout.went(one), layout.longer(one)):
            for name, form in forms.items():
                assert words in form, name


def test_nothing_grades_and_nothing_accuses(review: Review) -> None:
    from tests.plugins.test_texts import GUILT, THEIRS

    for text in (as_markdown(review), layout.QUIET, layout.FOOTER):
        assert not GUILT.search(text)
        assert not THEIRS.search(text)
        assert not re.search(r"\b(score|points|grade [A-F]|rating|failed|missed)\b", text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("- a walk", "\\- a walk"), ("1. a walk", "1\\. a walk"), ("===", "\\==="), ("+ a", "\\+ a"),
     ("12) a", "12\\) a"), ("a - b", "a - b"), ("2 walks", "2 walks")],
)  # fmt: skip
def test_no_line_of_markdown_begins_a_list_or_a_heading(text: str, kept: str) -> None:
    assert escaped(text) == kept
