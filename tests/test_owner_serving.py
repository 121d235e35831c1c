"""The owner's desk as `serve --owner` serves it: by keys, without scripts, for everybody."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from desks import (
    PAGES,
    folder,  # noqa: F401  # fixtures
)
from playwright.sync_api import Browser, Page, Route, expect

from searchapp import open_index
from searchapp.searches import SearchLog

# --- The server -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(gathered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder that is served with `--owner`, and the address of its desk."""
    folder = tmp_path_factory.mktemp("served") / "own"
    shutil.copytree(gathered, folder)
    command = [sys.executable, "-m", "searchapp", "serve", "--owner", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--content", str(folder / "content"), "--index", str(folder / "index")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        assert server.stdout
        found = (re.search(r"http://\S+token=\S+", line) for line in server.stdout)
        yield folder, next(each[0] for each in found if each)
    finally:
        server.terminate()
        server.communicate(timeout=60)


def test_a_decision_by_keys_is_built_and_undone(desk: tuple[Path, str], scripted: Page) -> None:
    folder, address = desk
    scripted.goto(address)
    assert "token" not in scripted.url
    scripted.get_by_role("link", name="Pieces 2 to decide").click()
    scripted.get_by_role("link", name="The last ferry").click()
    scripted.wait_for_url("**/owner/pieces/**")
    scripted.wait_for_load_state()  # keys are heard by a script
    scripted.keyboard.press("s")

    expect(scripted.get_by_role("status")).to_contain_text("are one piece")
    expect(scripted.get_by_role("heading", level=2).first).to_have_text("A table of tides")
    assert "ferry" in (folder / "content" / "verdicts.toml").read_text("utf-8")
    expect(scripted.get_by_role("status")).to_contain_text("It is in the index")
    assert open_index(folder / "index").pieces == 5

    scripted.keyboard.press("u")
    expect(scripted.get_by_role("heading", level=1)).to_have_text("Your desk")
    assert "ferry" not in (folder / "content" / "verdicts.toml").read_text("utf-8")


def test_decisions_need_no_script(desk: tuple[Path, str], browser: Browser) -> None:
    _, address = desk
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Tags 1 to decide").click()
    page.get_by_role("button", name="Different").click()
    expect(page.get_by_role("status")).to_contain_text("are different tags")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your desk")
    context.close()


def test_a_page_that_cannot_be_asked_for_again_was_asked_for_without_end(
    desk: tuple[Path, str], browser: Browser
) -> None:
    _, address = desk
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        found = route.fetch()
        told = found.text().replace('class="notices"', 'class="notices" data-building')
        route.fulfill(response=found, body=told)  # as while a build is under way

    page.goto(address)
    page.route("**/owner/undo/", answer)
    with page.expect_response(lambda found: found.status == 405):
        page.locator("form input[name=form]").first.evaluate(
            "input => { input.form.action = '/owner/undo/'; input.form.submit(); }"
        )
    expect(page.get_by_role("status")).to_contain_text("undone already")
    for _ in range(5):
        page.clock.run_for(1000)

    assert asked == ["POST", "GET"]
    context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_desk_is_accessible_and_fits(
    desk: tuple[Path, str], browser: Browser, scheme: str, width: int
) -> None:
    folder, address = desk
    SearchLog(folder / "index").note("quaggas")
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 800}  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    page.goto(address)
    for path in PAGES:
        page.goto(re.sub(r"/owner/.*", path, address))
        page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text("utf-8"))
        found = page.evaluate("axe.run().then(found => found.violations.map(v => v.id))")
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.2"])
def test_the_desk_is_served_by_names_of_this_machine_that_are_answered(
    tmp_path: Path, content_index: Path, host: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "searchapp", "serve", "--owner", "--host", host, "--port", "0",
         "--index", str(content_index), "--content", str(ROOT / "content")],
        check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60,
    )  # fmt: skip

    assert ended.returncode == 1
    assert (
        f"{host}: --owner serves this machine only, as localhost, 127.0.0.1, ::1; leave out --host"
        in ended.stderr
    )
