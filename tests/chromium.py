"""Find the Chromium that the browser tests drive, or install Debian's.

Playwright drives a browser that the machine has; none is downloaded with Playwright itself.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Only loopback answers: a page that needs another host fails here as it would offline.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def find_chromium() -> str | None:
    """Name the Chromium to drive: what CHROMIUM says, else the first on PATH."""
    named = os.environ.get("CHROMIUM")
    found = map(shutil.which, [named] if named else NAMES)
    return next(filter(None, found), None)


def find_missing() -> list[str]:
    """List the Debian packages that the browser tests still need."""
    missing = [] if find_chromium() else ["chromium"]
    try:
        ctypes.CDLL("libatomic.so.1" if sys.platform == "linux" else None)
    except OSError:
        missing.append("libatomic1")  # Playwright's driver is a Node that links it
    return missing


def install(packages: list[str]) -> None:
    """Install packages where the machine is a Debian and we may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for command in ("update", "install --yes --no-install-recommends " + " ".join(packages)):
        print("apt-get", command, flush=True)
        subprocess.run(
            [*apt, *command.split()],
            check=False,  # what is missing afterwards is said once, below
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """Open a headless Chromium; without one, skip the test, or fail it where CI is set."""
    import pytest  # noqa: PLC0415 - set-up runs this file before there are tests
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    if missing := find_missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(say(missing))
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        browser = chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def say(missing: list[str]) -> str:
    """Say what is missing and what to do."""
    return (
        f"The browser tests lack {' and '.join(missing)}: install them (on Debian:"
        f" apt-get install {' '.join(missing)}); CHROMIUM may name a Chromium elsewhere"
    )


if __name__ == "__main__":
    if "--install" in sys.argv and (missing := find_missing()):
        install(missing)
    if missing := find_missing():
        print(say(missing), file=sys.stderr)
