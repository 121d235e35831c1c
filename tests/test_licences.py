"""Each package that serving needs is locked, permissive, and stated in ARCHITECTURE.md."""

from email.message import Message

import pytest

from benchmarks.licences import ROOT, Package, find_packages, read_licences, read_table

PROJECT, LOCK, TABLE = (
    (ROOT / name).read_text() for name in ("pyproject.toml", "requirements.lock", "ARCHITECTURE.md")
)


def test_every_package_that_serving_needs_has_a_permissive_licence_that_is_stated() -> None:
    packages = list(find_packages(PROJECT, LOCK, TABLE))

    assert {"flask", "werkzeug", "whoosh", "mdurl"} <= {package.name for package in packages}
    assert [(package.name, package.fault) for package in packages if package.fault] == []


@pytest.mark.parametrize(
    ("package", "fault"),
    [
        (Package("a", ("MIT",), ("MIT",), is_locked=False), "is not in requirements.lock"),
        (Package("a", ("GPL-3.0-only",), ("GPL-3.0-only",)), "says GPL-3.0-only, which is not"),
        (Package("a", (), ("MIT",)), "says nothing, which is not known"),
        (Package("a", ("MIT",), ()), "is missing from the table"),
        (Package("a", ("MIT",), ("BSD-3",)), "says MIT, and the table BSD-3"),
        (Package("a", ("MIT", "Zlib"), ("MIT",)), "says MIT and Zlib, and the table MIT"),
        (Package("a", ("BSD License",), ("BSD-3",)), ""),
    ],
)
def test_what_is_wrong_with_a_package_is_told(package: Package, fault: str) -> None:
    assert package.fault.startswith(fault)
    assert bool(package.fault) == bool(fault)


@pytest.mark.parametrize(
    ("stated", "licences"),
    [
        ({"License-Expression": "BSD-3-Clause AND 0BSD"}, ("BSD-3-Clause", "0BSD")),
        ({"License-Expression": "GPL-2.0-only OR MIT"}, ("MIT",)),
        ({"License": "MIT, BSD"}, ("MIT", "BSD")),
        (
            {"License": "The whole text. " * 9, "Classifier": "License :: OSI Approved :: X"},
            ("X",),
        ),
        ({}, ()),
    ],
)
def test_licences_are_read_as_packages_state_them(
    stated: dict[str, str], licences: tuple[str, ...]
) -> None:
    metadata = Message()
    for name, value in stated.items():
        metadata[name] = value

    assert read_licences(metadata) == licences  # type: ignore[arg-type]


def test_a_row_of_several_packages_has_one_licence_for_all_or_each_its_own() -> None:
    table = "| a 1.0, B_c | MIT | why |\n| d, e | MIT, BSD-3 and Zlib | why |\n"

    assert read_table(table) == {
        "a": ("MIT",), "b-c": ("MIT",), "d": ("MIT",), "e": ("BSD-3", "Zlib")
    }  # fmt: skip
