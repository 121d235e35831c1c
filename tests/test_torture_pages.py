"""The proof of hostile pages, short: as it is, and with a sanitiser that lets `onerror` through."""

import importlib
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.torture.pages import prove_pages
from benchmarks.torture.proof import Finding
from searchapp.sources import Everything, read_all
from searchapp.sources.about import read_about_page
from searchapp.text import cleaning

SHORT = 0.002


def unmet(findings: Iterable[Finding]) -> list[str]:
    return [f"{f.what}: {f.reached}, not {f.asked}" for f in findings if not f.is_met]


def test_hostile_entries_and_queries_run_and_load_nothing_even_without_a_policy(
    tmp_path: Path, browser: Browser
) -> None:
    assert unmet(prove_pages(SHORT, tmp_path, browser=browser)) == []


def let_through() -> None:
    """Let the cleaning pass a handler; the reading is done in the process that was told so."""
    cleaning._ATTRIBUTES["img"].add("onerror")
    building = importlib.import_module("searchapp.build")
    building.read_everything = lambda configuration, content, **_: Everything(  # type: ignore[attr-defined]
        tuple(read_all(configuration, content)), read_about_page(content, configuration)
    )


def test_a_sanitiser_that_lets_onerror_through_is_shown_by_the_proof(
    tmp_path: Path, browser: Browser
) -> None:
    found = unmet(prove_pages(SHORT, tmp_path, plant=let_through, browser=browser))

    assert [line for line in found if "without it: stray handlers" in line and "handler" in line]
    assert [line for line in found if "without it: dialogs" in line]
    assert not [line for line in found if "with the policy: dialogs" in line]
