"""Which versions of Python and of packages this is, told without reading all that they state.

`importlib.metadata` imports a parser of mail for that, which takes longer than to list a blog.
"""

import os
import re
import sys
from functools import lru_cache

PYTHON = ".".join(map(str, sys.version_info[:3]))

_INSTALLED = re.compile(r"(.+?)-(.+)\.dist-info")


def version_of(package: str) -> str:
    """Return the version of an installed package."""
    found = _installed().get(_plain(package))
    if found is None:  # it is in an archive, or an egg
        from importlib.metadata import version  # noqa: PLC0415  # see above

        return version(package)
    return found


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    """Return the version of each package, as the names of folders have it; the first counts."""
    found: dict[str, str] = {}
    for folder in sys.path:
        for name in _names_in(folder or "."):
            if match := _INSTALLED.fullmatch(name):
                found.setdefault(_plain(match[1]), match[2])
    return found


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  # names are all that is needed
    except OSError:  # an archive, or nothing
        return []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
