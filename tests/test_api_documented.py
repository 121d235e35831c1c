"""What `make api` describes: every public name that somebody can reach from Python."""

import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pdoc
import pytest
from conftest import ROOT

import searchapp
from searchapp.build import build
from searchapp.web import create_app

# Of WSGI's own types only type checkers know.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Failed to run TYPE_CHECKING code"),
    pytest.mark.filterwarnings("ignore:Error parsing type annotation"),
]


def modules() -> list[str]:
    """Return the modules that `make api` describes."""
    stated = re.search(r"^API = ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert stated
    return stated[1].replace("\\\n", " ").split()


def members(owner: type) -> Iterator[tuple[str, object]]:
    """Yield the public methods and properties of a class of ours."""
    for name, member in vars(owner).items():
        plain = member.fget if isinstance(member, property) else inspect.unwrap(member)
        plain = getattr(plain, "__func__", plain)
        if not name.startswith("_") and inspect.isfunction(plain):
            yield name, plain


def of_ours(annotation: object) -> Iterator[type]:
    """Yield the classes of ours that an annotation names."""
    for part in typing.get_args(annotation):
        yield from of_ours(part)
    if inspect.isclass(annotation) and annotation.__module__.startswith("searchapp"):
        yield annotation


def reach(start: list[object]) -> dict[str, object]:
    """Return all classes, functions and members that are reached from some, by their names."""
    found: dict[str, object] = {}
    left = list(start)
    while left:
        one = left.pop()
        name = f"{one.__module__}.{one.__qualname__}"
        if name in found:
            continue
        found[name] = one
        if inspect.isclass(one):
            left += [member for _, member in members(one)]
        for annotation in typing.get_type_hints(one).values():
            left += of_ours(annotation)
    return found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages that pdoc makes, by the module."""
    folder = tmp_path_factory.mktemp("api")
    pdoc.render.configure(show_source=False)
    pdoc.pdoc(*modules(), output_directory=folder)
    made = {".".join(path.relative_to(folder).with_suffix("").parts): path
            for path in folder.rglob("*.html")}  # fmt: skip
    return {name: path.read_text("utf-8") for name, path in made.items()}


def test_every_public_name_that_is_reached_from_python_is_described(pages: dict[str, str]) -> None:
    public = [getattr(searchapp, name) for name in searchapp.__all__ if name != "__version__"]
    reached = reach([*public, build, create_app])

    assert len(reached) > 60
    for name, one in reached.items():
        assert inspect.getdoc(one), f"{name} has no docstring"
        module = "searchapp" if one in public else one.__module__
        module = "searchapp" if one.__module__ == "searchapp.engine.index" else module
        assert module in pages, f"add {module} to API in the Makefile"
        assert f'id="{one.__qualname__}"' in pages[module], name


def test_every_module_of_the_interface_is_needed_and_says_what_it_is_for() -> None:
    for name in modules():
        module = pdoc.doc.Module.from_name(name)
        assert module.docstring and module.members, name
    assert (Path(ROOT) / ".gitignore").read_text().count("/dist/") == 1
