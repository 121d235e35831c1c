"""`python -m benchmarks.licences`: the licence of each package that an owner installs.

    pyproject.toml --> direct --> what these need --> requirements.lock, metadata, the table

What a package says of itself is compared with the table of ARCHITECTURE.md, and with the
licences that let an owner do as they please. A package that is in no lock, says nothing or says
something else is told, and the exit code is 1.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent

# By what packages write, the name that the table has; none of them asks for more than a notice.
PERMISSIVE: Mapping[str, str] = {
    "0bsd": "0BSD",
    "apache-2.0": "Apache-2.0",
    "bsd license": "BSD",
    "bsd": "BSD",
    "bsd-2-clause": "BSD-2",
    "bsd-3-clause": "BSD-3",
    "cc0-1.0": "CC0-1.0",
    "mit": "MIT",
    "mit license": "MIT",
    "psf-2.0": "PSF-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "two-clause bsd license": "BSD-2",
    "zlib": "Zlib",
    "zpl 2.1": "ZPL-2.1",
}
_LISTED = re.compile(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """A package, what it says of its licence, and what the table says; "" for nothing."""

    name: str
    says: tuple[str, ...]
    listed: tuple[str, ...]
    is_locked: bool = True

    @property
    def fault(self) -> str:
        """What is wrong with it."""
        if not self.is_locked:
            return "is not in requirements.lock; run `make lock`"
        known = {PERMISSIVE.get(licence.lower()) for licence in self.says}
        if not known or None in known:
            return (
                f"says {' and '.join(self.says) or 'nothing'}, which is not known to be permissive"
            )
        if not self.listed:
            return f"is missing from the table of ARCHITECTURE.md: {' and '.join(self.says)}"
        if not all(_is_among(licence, self.listed) for licence in known if licence):
            return f"says {' and '.join(self.says)}, and the table {' and '.join(self.listed)}"
        return ""


def _is_among(licence: str, listed: Iterable[str]) -> bool:
    """Tell whether a licence is listed; "BSD" alone does not say which of them it is."""
    return any(one == licence or one.startswith(f"{licence}-") for one in listed)


def find_packages(
    project: str, locked: str, table: str, read: "Reader | None" = None
) -> Iterator[Package]:
    """Yield every package that `project` needs to run, directly or not, by name."""
    read = read or Reader()
    names = {canonicalize_name(name) for name in _LOCKED.findall(locked)}
    listed = read_table(table)
    for name, says in sorted(read.closure(tomllib.loads(project)["project"]["dependencies"])):
        yield Package(name, says, listed.get(name, ()), name in names)


class Reader:
    """Reads what installed packages say of themselves."""

    def closure(self, requirements: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each package that `requirements` ask for, and those that these ask for."""
        waiting, seen = list(requirements), set[str]()
        while waiting:
            requirement = Requirement(waiting.pop())
            name = canonicalize_name(requirement.name)
            if name in seen or not (requirement.marker is None or requirement.marker.evaluate()):
                continue
            seen.add(name)
            try:
                found = distribution(name)
            except PackageNotFoundError:
                yield name, ()
                continue
            yield name, read_licences(found.metadata)
            waiting += found.requires or ()


def read_licences(metadata: PackageMetadata) -> tuple[str, ...]:
    """Return the licences that a package states: by an expression, else by one line, else kinds.

    Of "A OR B" the one is stated that is known; "A AND B" are both.
    """
    for stated in metadata.get_all("License-Expression") or ():
        parts = (re.split(r" OR ", part.strip("() ")) for part in stated.split(" AND "))
        return tuple(next((o for o in part if o.lower() in PERMISSIVE), part[0]) for part in parts)
    line = "".join(metadata.get_all("License") or ()).strip()
    kinds = [kind for kind in metadata.get_all("Classifier") or () if kind.startswith("License ::")]
    if line and len(line) < 40:
        return tuple(part.strip() for part in line.split(","))
    return tuple(kind.rpartition(" :: ")[2] for kind in kinds)


def read_table(text: str) -> dict[str, tuple[str, ...]]:
    """Return the licences that the table of ARCHITECTURE.md gives each package.

    A row of several packages has one licence for all, or one for each, in their order.
    """
    listed: dict[str, tuple[str, ...]] = {}
    for packages, licences in _LISTED.findall(text):
        names = [canonicalize_name(name.split()[0]) for name in packages.split(", ")]
        stated = licences.split(", ")
        for at, name in enumerate(names):
            each = [stated[at]] if len(names) == len(stated) else stated
            listed[name] = tuple(one for part in each for one in part.split(" and "))
    return listed


def main() -> int:
    """Print each package with its licence."""
    project, locked, table = (
        (ROOT / name).read_text()
        for name in ("pyproject.toml", "requirements.lock", "ARCHITECTURE.md")
    )
    faults = 0
    for package in find_packages(project, locked, table):
        faults += bool(package.fault)
        print(f"{package.name}: {package.fault or ' and '.join(package.listed)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
