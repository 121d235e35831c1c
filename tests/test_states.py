"""Every state of every page keeps what all of them promise; `states.py` lists them."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from states import STATES, Stage, State, open_stage
from validity import find_faults
from visits import AXE, Visit, visit

Seen = Callable[[State, bool], Visit]

each_state = pytest.mark.parametrize("state", STATES, ids=str)
each_way = pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])


@pytest.fixture(scope="module")
def stage(
    content_server: str, scattered_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The servers of all states."""
    empty = tmp_path_factory.mktemp("unbuilt")
    with open_stage(scattered_server, content_server, empty) as stage:
        yield stage


@pytest.fixture(scope="module")
def seen(browser: Browser, stage: Stage) -> Seen:
    """What was seen of a state: each is visited once with scripts and once without."""
    visits: dict[tuple[State, bool], Visit] = {}

    def look(state: State, scripts: bool) -> Visit:
        if (state, scripts) not in visits:
            visits[state, scripts] = visit(
                browser, stage.address(state), scripts=scripts, enter=state.enter
            )
        return visits[state, scripts]

    return look


@each_way
@each_state
def test_the_state_is_the_one_that_is_meant(state: State, scripts: bool, seen: Seen) -> None:
    assert seen(state, scripts).status == state.status


@each_way
@each_state
def test_one_heading_leads_and_none_is_skipped(state: State, scripts: bool, seen: Seen) -> None:
    for width, look in seen(state, scripts).looks.items():
        levels = look["headings"]
        assert levels[0] == 1 and levels.count(1) == 1, width
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), width


@each_way
@each_state
def test_landmarks_lead_through_the_page(state: State, scripts: bool, seen: Seen) -> None:
    for width, look in seen(state, scripts).looks.items():
        headers, navs, searches, mains = look["landmarks"]
        assert headers and searches and mains == 1, width
        assert navs or state.status >= 500, width  # where no index answers, no page is left to name


@each_way
@each_state
def test_the_page_says_its_language_and_its_title(state: State, scripts: bool, seen: Seen) -> None:
    look = seen(state, scripts).looks[1280]

    assert look["language"] == "en"
    assert look["title"].strip()


@each_way
@each_state
def test_nothing_scrolls_sideways(state: State, scripts: bool, seen: Seen) -> None:
    looks = seen(state, scripts).looks

    assert {width: look["sideways"] for width, look in looks.items() if look["sideways"] > 0} == {}


@each_way
@each_state
def test_every_target_can_be_hit(state: State, scripts: bool, seen: Seen) -> None:
    looks = seen(state, scripts).looks

    assert {width: look["small"] for width, look in looks.items() if look["small"]} == {}


@each_way
@each_state
def test_focus_is_seen_wherever_the_tab_key_goes(state: State, scripts: bool, seen: Seen) -> None:
    assert seen(state, scripts).invisible_focus == []


@each_way
@each_state
def test_no_error_and_no_breach_of_the_policy_is_reported(
    state: State, scripts: bool, seen: Seen
) -> None:
    assert seen(state, scripts).errors == []


@each_way
@each_state
def test_nothing_is_asked_of_another_host(state: State, scripts: bool, seen: Seen) -> None:
    assert seen(state, scripts).elsewhere == []


@each_state
def test_nothing_moves_while_the_state_loads(state: State, seen: Seen) -> None:
    assert sum(seen(state, True).shifts) == 0


@each_state
def test_axe_finds_no_violation(state: State, seen: Seen) -> None:
    if not AXE.is_file():
        pytest.fail("node_modules has no axe-core; run `npm ci`")

    faults = seen(state, True).faults

    assert len(faults) == 4
    assert {where: found for where, found in faults.items() if found} == {}


def test_the_html_of_every_state_is_valid(stage: Stage, tmp_path: Path) -> None:
    assert find_faults({state.name: stage.fetch(state) for state in STATES}, tmp_path) == []


def test_no_two_pages_of_a_site_have_one_title(seen: Seen) -> None:
    titles = Counter(
        (state.site, seen(state, True).looks[1280]["title"])
        for state in STATES
        if state.status == 200 and not state.again
    )

    assert [title for title, times in titles.items() if times > 1] == []


BAD = "<!doctype html><title>x</title><img src=x><p id=a><b id=a></p><button></button><h3>Low</h3>"


def test_what_is_wrong_would_be_found(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(BAD)

    seen = visit(browser, (tmp_path / "bad.html").as_uri(), scripts=True)

    found = " ".join(fault for faults in seen.faults.values() for fault in faults)
    assert all(rule in found for rule in ("button-name", "html-has-lang", "image-alt"))
    assert seen.looks[1280]["headings"] == [3] and seen.looks[1280]["landmarks"] == [0, 0, 0, 0]
    assert seen.looks[320]["small"]
    assert len(find_faults({"bad": BAD}, tmp_path)) >= 2


def test_the_states_are_those_that_were_promised() -> None:
    names = {state.name for state in STATES}

    assert names >= {
        "no words", "words", "none found", "three filters", "page 2", "no such page",
        "no index", "undated", "a bug of ours", "suggestions", "list of keys",
    }  # fmt: skip
    assert len(names) == len(STATES)
