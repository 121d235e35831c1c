"""What the commands left out: files that are not there, near misses, addresses, where to build."""

from pathlib import Path

import pytest
from builders import write_files
from consoles import call

from searchapp.build import build
from searchapp.checks import Problem, check

OF_TIDES = " ".join(f"word{n % 7} walks along shore number {n}" for n in range(120))


def post(title: str, body: str = "", **stated: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in {"title": title, **stated}.items())
    return f"---\n{head}---\n{body or title}\n"


def problems(content: Path, kind: str) -> list[Problem]:
    return [found for found in check(content, content.parent / "index")[1] if found.kind == kind]


@pytest.fixture
def single_tags(tmp_path: Path) -> Path:
    """Twenty posts, each with a tag of its own, and one whose tag is another's singular."""
    files = {f"{n}.md": post(f"Post {n}", tags=f"[lighthouses, own{n}]") for n in range(20)}
    return write_files(tmp_path / "content", files | {"x.md": post("X", tags="[lighthouse]")})


def test_check_named_a_tags_toml_that_is_not_there(single_tags: Path) -> None:
    slip, others = problems(single_tags, "tag-used-once")

    assert slip.remedy.endswith("in tags.toml, a new file beside your writing")
    assert others.path == "."

    write_files(single_tags, {"tags.toml": "# mine\n"})
    slip, others = problems(single_tags, "tag-used-once")

    assert slip.remedy.endswith("in tags.toml")
    assert others.path == "tags.toml"


@pytest.mark.parametrize(
    ("titles", "is_told"),
    [
        (("Weeknotes 3", "Octopuses think with their arms"), True),
        (("Octopuses think", "Octopuses think"), True),
        (("Weeknotes 3", "Weeknotes 4"), False),
    ],
)
def test_check_left_out_copies_whose_authors_alone_differ(
    tmp_path: Path, titles: tuple[str, str], is_told: bool
) -> None:
    toml = "".join(
        f'[[source]]\nname = "{n}"\nkind = "markdown"\npath = "{n}"\nsite = "Site {n}"\n'
        for n in "ab"
    )
    one, other = titles
    content = write_files(tmp_path / "content", {
        "sources.toml": toml, "a/a.md": post(one, OF_TIDES, author="Ines"),
        "b/b.md": post(other, OF_TIDES, author="Bela"),
    })  # fmt: skip

    told = problems(content, "near-duplicate")

    assert [problem.path for problem in told] == (["a/a.md"] if is_told else [])
    assert all("their authors differ" in problem.reason for problem in told)


def test_a_build_was_silent_on_posts_without_an_address(tmp_path: Path) -> None:
    files = {"a.md": post("A", url="https://a.example/a"), "b.md": post("B"), "c.md": post("C")}
    content, index = write_files(tmp_path / "content", files), tmp_path / "index"

    printed = call(["build", "--content", str(content), "--index", str(index)])

    assert "0 in conflict, 2 without an address (searchapp check lists them); published" in printed
    assert build(content, index).homeless == 2  # also where nothing has changed
    assert problems(content, "no-address")


@pytest.mark.parametrize("command", [["stats"], ["search", "x"]])
def test_a_command_without_an_index_did_not_say_which_options_name_it(
    tmp_path: Path, command: list[str]
) -> None:
    printed = call([*command, "--index", str(tmp_path / "none")])

    assert "there is no index; run `searchapp build --content DIR`" in printed
    assert "--index DIR" in printed
