"""What is shipped works elsewhere: the wheel, the locks, the Makefile."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from playwright.sync_api import Browser

from searchapp.web.embedding import load_box

CHECKOUT = Path(__file__).parent.parent
HTMX = Path("searchapp/web/static/vendor/htmx.min.js")
POSTS = {
    "octopus": "An octopus opens the jar",
    "lighthouse": "A lighthouse keeper's week",
    "sourdough": "Sourdough without a scale",
}
PATIENCE = 60  # seconds until a process that says nothing is taken for hung


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the checkout's environment and the network; give what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | {"PIP_NO_INDEX": "1", "PYTHONPATH": ""},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=5 * PATIENCE,
    )
    assert done.returncode == 0, f"{command} gave {done.returncode}:\n{done.stdout}"
    return done.stdout


def build_package(tree: Path, to: Path, *which: str) -> None:
    """Build the sdist and through it the wheel, or what `which` says."""
    run(sys.executable, "-m", "build", "--no-isolation", *which, "--outdir", to, tree, cwd=to)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a package is built from, so that no build can pick up a stray file."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore"):
        shutil.copy(CHECKOUT / name, tree)
    for name in ("searchapp", "templates"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / name, tree / name, ignore=ignored)
    return tree


@pytest.fixture(scope="module")
def dist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and wheel."""
    dist = tmp_path_factory.mktemp("dist")
    build_package(tree, dist)
    return dist


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment; give its folder of commands.

    What the wheel needs is lent by the environment of these tests, which is
    locked: nothing is downloaded twice. A .pth file lends packages, but not the
    .pth files beside them, so the checkout itself stays out of reach.
    """
    (wheel,) = dist.glob("*.whl")
    env = tmp_path_factory.mktemp("elsewhere") / "env"
    run(sys.executable, "-m", "venv", "--without-pip", env, cwd=dist)
    python = env / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python]
    run(*pip, "install", "--no-deps", wheel, cwd=dist)
    ours = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=dist)
    lent = Path(ours.strip()) / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run(*pip, "check", cwd=dist)
    where = run(python, "-c", "import searchapp; print(searchapp.__file__)", cwd=dist)
    assert Path(where.strip()).is_relative_to(env)
    return env / "bin"


@pytest.fixture(scope="module")
def address(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Look at, build and serve three posts with the installed command; give the address."""
    folder = tmp_path_factory.mktemp("blog")
    (folder / "content").mkdir()
    for slug, title in POSTS.items():
        post = f"---\ntitle: {title}\ndate: 2024-05-31\n---\n\nWords about {slug}.\n"
        (folder / "content" / f"{slug}.md").write_text(post, encoding="utf-8")
    said = run(installed / "searchapp", "init", "content", cwd=folder)
    assert "3 in . (markdown)" in said
    run(installed / "searchapp", "build", cwd=folder)
    found = run(installed / "searchapp", "search", "octopus", "--limit", "1", cwd=folder)
    assert POSTS["octopus"] in found
    command = [str(installed / "searchapp"), "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        give_up = Timer(PATIENCE, server.kill)
        give_up.start()
        said = ""
        try:
            while not (ready := re.search(r"http://127\.0\.0\.1:\d+/", said)):
                line = server.stdout.readline() if server.stdout else ""
                assert line, f"serve ended before it was ready:\n{said}"
                said += line
        finally:
            give_up.cancel()
        yield ready[0]
        server.terminate()
        server.communicate(timeout=PATIENCE)


def test_the_wheel_carries_pages_static_files_and_htmx(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    shown = {
        path.relative_to(CHECKOUT).as_posix()
        for folder in (
            "templates",
            "searchapp/web/static",
            "searchapp/web/scripts",
            "searchapp/web/embedded",
        )
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file()
    }
    assert HTMX.as_posix() in shown

    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    carried = {re.sub("^templates/", "searchapp/templates/", name) for name in shown}
    assert carried | {"searchapp/py.typed"} <= names
    assert {re.split("[-/]", name)[0] for name in names} == {"searchapp"}


def test_an_installed_searchapp_says_its_version_which_is_that_of_the_wheel(
    dist: Path, installed: Path, tmp_path: Path
) -> None:
    (wheel,) = dist.glob("*.whl")

    said = run(installed / "searchapp", "--version", cwd=tmp_path)

    assert said == f"searchapp, version {wheel.name.split('-')[1]}\n"


def test_the_wheel_states_what_it_is_and_which_pythons_were_tried(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        stated = archive.read(name).decode()

    assert "Classifier: Typing :: Typed" in stated
    assert "Requires-Python: >=3.11" in stated
    tried = re.findall(r"^Classifier: Programming Language :: Python :: (3\.\d+)$", stated, re.M)
    assert "3.11" in tried
    assert "License-Expression: MIT" in stated


def test_an_installed_searchapp_sends_the_box_for_other_sites(address: str) -> None:
    with urlopen(urljoin(address, "/embed.js")) as answer:
        assert answer.read() == load_box()


def test_the_sdist_carries_what_a_wheel_is_built_from_and_no_more(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")

    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}

    assert HTMX.as_posix() in names
    assert {name.split("/")[0] for name in names} == {
        "searchapp",
        "templates",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        ".gitignore",
        "PKG-INFO",
    }


@pytest.mark.parametrize("which", ["--sdist", "--wheel"])
def test_a_build_without_htmx_fails_and_names_it(which: str, tree: Path, tmp_path: Path) -> None:
    bare = tmp_path / "tree"
    shutil.copytree(tree, bare)
    (bare / HTMX).unlink()

    with pytest.raises(AssertionError, match=re.escape(HTMX.name)):
        build_package(bare, tmp_path, which)

    assert not [*tmp_path.glob("*.whl"), *tmp_path.glob("*.tar.gz")]


def test_an_installed_searchapp_serves_its_page_with_htmx(address: str) -> None:
    with urlopen(address) as answer:
        page = answer.read().decode()
    script = re.search(r'src="([^"]*htmx\.min\.js[^"]*)"', page)
    assert script, page

    with urlopen(urljoin(address, script[1])) as answer:
        htmx = answer.read()

    assert all(title.split()[-1] in page for title in POSTS.values())
    assert htmx == (CHECKOUT / HTMX).read_bytes()


def test_typing_in_an_installed_searchapp_swaps_the_results_alone(
    address: str, browser: Browser
) -> None:
    with browser.new_page() as page:
        page.goto(address)
        page.evaluate("window.loadedOnce = true")
        results = page.locator("#results")
        assert "Sourdough" in results.inner_text()

        with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
            page.locator("input[name=q]").press_sequentially("octop")
        page.wait_for_function(
            "!document.querySelector('#results').innerText.includes('Sourdough')"
        )

        assert "octopus" in results.inner_text()
        assert page.evaluate("window.loadedOnce") is True


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock", "package-lock.json", "package.json", "pyproject.toml", ".npmrc",
        "benchmarks/pages/package-lock.json", "benchmarks/pages/package.json",
        "benchmarks/pages/.npmrc",
    ],
)  # fmt: skip
def test_no_file_of_the_set_up_holds_an_address(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")

    assert not re.search(r"://|--(extra-)?index-url|--find-links|\"resolved\"", text)


def test_every_package_is_locked_with_hashes() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    packages = r"^([\w.-]+)==(\S+)(?: ; [^\n]+)? \\\n    --hash=sha256:[0-9a-f]{64}"
    hashed = re.findall(packages, lock, re.MULTILINE)
    locked = {canonicalize_name(name): version for name, version in hashed}
    assert len(locked) == len(re.findall(r"^\w", lock, re.MULTILINE))

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [Requirement(line) for line in sum(extras, project["dependencies"])]

    assert [str(need) for need in wanted if canonicalize_name(need.name) not in locked] == []
    assert [
        str(need)
        for need in wanted
        if not need.specifier.contains(locked[canonicalize_name(need.name)])
    ] == []


def test_htmx_is_the_locked_one() -> None:
    wanted = json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    htmx = lock["node_modules/htmx.org"]

    assert lock[""]["dependencies"] == wanted == {"htmx.org": htmx["version"]}
    assert htmx["integrity"].startswith("sha512-")
    assert f'version:"{htmx["version"]}"' in (CHECKOUT / HTMX).read_text(encoding="utf-8")


def test_make_alone_lists_every_target_with_its_help() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    assert phony

    listed = re.findall(r"^ +make ([\w-]+) +\w", run("make", cwd=CHECKOUT), re.MULTILINE)

    assert {*listed, "chromium"} == {*phony[1].split()}
