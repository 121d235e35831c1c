"""Asks html-validate (npm) whether pages are valid HTML."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

VALIDATOR = (
    Path(__file__).parent.parent / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
)
# What the standard says; not how one likes one's HTML.
_RULES = {"root": True, "extends": ["html-validate:standard"]}


def find_node() -> str:
    """Return node: that of the machine, else of the package that brings it."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    assert found, "there is no node; `make test` brings it"
    return found


def find_faults(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return what is not valid in `pages`, each with its name; `folder` is for their files."""
    assert VALIDATOR.is_file(), "node_modules has no html-validate; run `npm ci`"
    (folder / ".htmlvalidate.json").write_text(json.dumps(_RULES))
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        names[folder / f"{number}.html"] = name
        (folder / f"{number}.html").write_text(html, encoding="utf-8")
    command = [find_node(), str(VALIDATOR), "--formatter", "json", *map(str, names)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1) and done.stdout, done.stderr
    return [
        f"{names[Path(page['filePath'])]}: {fault['message']} ({fault['selector']})"
        for page in json.loads(done.stdout)
        for fault in page["messages"]
    ]
