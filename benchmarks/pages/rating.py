"""Lighthouse's four ratings of a page, with the content security policy on, as on a phone."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.pages.figures import Figure
from tests.chromium import FLAGS, find_chromium

LIGHTHOUSE = Path(__file__).parent / "node_modules" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
TRIES = 3  # where it gave no report at all, such as without a trace; a low rating stands


def version() -> str:
    """Return Lighthouse's version."""
    package: dict[str, str] = json.loads((LIGHTHOUSE / "package.json").read_text())
    return package["version"]


def rate_page(address: str) -> dict[str, Any]:
    """Return Lighthouse's report on the page at `address`; raises RuntimeError for want of one."""
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    flags = ["--headless=new", "--no-sandbox", *FLAGS]
    command = [
        str(node), str(LIGHTHOUSE / "cli" / "index.js"), address, "--output=json", "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(map(_quoted, flags))}",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": str(find_chromium())}
    for _ in range(TRIES):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if not done.returncode:
            report: dict[str, Any] = json.loads(done.stdout)
            return report
        print(f"no report on {address}: {done.stderr[-300:]}", file=sys.stderr)
    raise RuntimeError(f"{address}: Lighthouse gave no report, {TRIES} times, as said above")


def _quoted(flag: str) -> str:
    return f'"{flag}"' if " " in flag else flag


def rate_pages(pages: Mapping[str, str], times: int) -> Iterator[Figure]:
    """Yield a figure a page: the median of several ratings, the lowest category being decisive."""
    for name, address in pages.items():
        reports = [rate_page(address) for _ in range(times)]
        ratings = {
            category: round(median(r["categories"][category]["score"] * 100 for r in reports))
            for category in CATEGORIES
        }
        yield Figure(
            f"Lighthouse, {name} page: {', '.join(CATEGORIES)}",
            f"each >= {LEAST}",
            ", ".join(map(str, ratings.values())),
            min(ratings.values()) >= LEAST,
            tuple(_find_faults(reports[-1])),
        )


def _find_faults(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what took points off, and how many of a hundred it could take."""
    for category in report["categories"].values():
        weights = {ref["id"]: ref["weight"] for ref in category["auditRefs"] if ref["weight"]}
        for name, weight in weights.items():
            audit = report["audits"][name]
            if audit["score"] is not None and audit["score"] < 0.9:
                share = 100 * weight / sum(weights.values())
                told = audit.get("displayValue") or f"{share:.0f} of 100"
                yield f"{category['title']}: {audit['title']} ({told})"
