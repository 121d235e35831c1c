"""`python -m benchmarks.contract`: API, pages and microformats before judges from outside.

A real server over tests/data/scattered is asked by schemathesis, which reads the API's own
description and tries to be refused or to break it. Its pages are saved in each state and read by
html-validate and by mf2py. The tools that no test needs have a folder of their own, `.contract`,
which `make contract` sets up: they are heavy.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pages.sites import serve
from searchapp.build import build
from searchapp.web import create_app
from tests.validity import find_faults

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "tests" / "data" / "scattered"
TOOLS = ROOT / ".contract"
LEAST_CASES = 2_000

PAGES = (
    "/", "/?q=river", "/?q=river&tag=rivers&year=2024&source=Medium", "/?q=zzzz", "/?sort=title",
    "/?q=xylophone+river", "/tags/", "/tags/?sort=title", "/tags/?q=zz", "/tags/rivers/",
    "/tags/rivers+walking/", "/tags/map/", "/tags/nonsense/", "/tags/a+b+c+d/", "/about/", "/api/",
    "/nonsense", "/works/nonsense/",
)  # fmt: skip
READ_ENTRIES = """
import json, sys, mf2py
for name in sys.argv[1:]:
    found = mf2py.parse(doc=open(name, encoding="utf-8").read(), url="https://slowwater.example/")
    print(json.dumps([[i["type"][0], sorted(i["properties"]), len(i.get("children", []))]
                      for i in found["items"]]))
"""


def main() -> int:
    """Ask the judges; return 1 where one finds a fault, or was not asked enough."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contract", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1], help="one run for each")
    parser.add_argument("--examples", type=int, default=150, help="most for each operation")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="contract-") as name:
        folder = Path(name)
        build(CONTENT, folder / "index")
        faults = judge_pages(folder)
        with serve(folder / "index", CONTENT) as served:
            for seed in options.seeds:
                faults += judge_api(served.home, seed, options.examples)
    return 1 if faults else 0


def judge_api(address: str, seed: int, examples: int) -> int:
    """Let schemathesis try all that its four ways of asking find; return the faults."""
    command = [
        TOOLS / "bin" / "schemathesis", "run", f"{address}/api/openapi.json", "--seed", str(seed),
        "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(examples),
        "--continue-on-failure", "--no-color",
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=TOOLS)
    counted = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    generated, passed = (int(counted[1]), int(counted[2])) if counted else (0, 0)
    print(f"schemathesis, seed {seed}: {generated} cases, {passed} passed")
    enough = generated >= LEAST_CASES
    if run.returncode or generated != passed or not enough:
        print(run.stdout[-6_000:], run.stderr[-2_000:])
    return int(run.returncode != 0) + generated - passed + int(not enough)


def judge_pages(folder: Path) -> int:
    """Let html-validate read every page as saved, and mf2py those with entries."""
    saved = save_pages(folder / "pages")
    pages = {url: path.read_text(encoding="utf-8") for url, path in saved.items()}
    faults = find_faults(pages, folder)
    print(*faults, f"html-validate: {len(saved)} pages, {len(faults)} faults", sep="\n")
    return len(faults) + judge_entries(saved)


def judge_entries(saved: dict[str, Path]) -> int:
    """Return how many pages lack the entry, or the feed of entries, that they should have."""
    wanted = {url: path for url, path in saved.items() if url.startswith(("/works/", "/tags/r"))}
    wanted.pop("/works/nonsense/")
    command = [TOOLS / "bin" / "python", "-c", READ_ENTRIES, *wanted.values()]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    faults = 0
    for url, line in zip(wanted, run.stdout.splitlines(), strict=True):
        items = json.loads(line)
        if url.startswith("/works/"):
            good = [i[0] for i in items] == ["h-entry"] and {"name", "url"} <= set(items[0][1])
        else:
            good = [i[0] for i in items] == ["h-feed"] and items[0][2] > 0
        faults += not good
        if not good:
            print(f"{url}: {items}")
    print(f"mf2py: {len(wanted)} pages, {faults} faults")
    return faults


def save_pages(folder: Path) -> dict[str, Path]:
    """Save each page in each state; return where, by address."""
    folder.mkdir()
    client = create_app(folder.parent / "index", CONTENT).test_client()
    hits = json.loads(client.get("/api/search?limit=100").data)["hits"]
    urls = [*PAGES, *(f"/works/{hit['id']}/" for hit in hits)]
    saved = {}
    for number, url in enumerate(urls):
        saved[url] = folder / f"{number:02}.html"
        saved[url].write_text(client.get(url).text, encoding="utf-8")
    return saved


if __name__ == "__main__":
    sys.exit(main())
