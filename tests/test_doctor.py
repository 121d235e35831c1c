"""`check` as a doctor: what is wrong in single pieces is found, and what is habit is left alone."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest
from builders import write_files
from conftest import CONTENT, SCATTERED

from searchapp.checks import CHECKS, Problem, check

Found = dict[str, list[Problem]]

SOURCES = """\
[[source]]
name = "blog"
kind = "markdown"
path = "posts"
generator = "jekyll"
url = "https://a.example"
permalink = "/:year/:month/:title/"
[[source]]
name = "links"
kind = "links"
path = "links.md"
"""


def post(title: str, body: str = "", **stated: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in {"title": title, **stated}.items())
    return f"---\n{head}---\n{body or title}\n"


SUMMED = {
    f"posts/2020-01-0{n}-river-{word}.md": post(
        f"River {word}", f"Water {word} {word}s on.", summary="Of water.", tags="[water]"
    )
    for n, word in enumerate(("source", "bend", "ford", "mouth", "delta", "weir"), start=1)
}
FILES = {
    "sources.toml": SOURCES,
    **SUMMED,
    "posts/2020-02-01-links.md": post(
        "Links",
        "[a](/2020/01/river-ford/) [b](/2020/01/river-fort/) [c](/about/) [d](/2020/feed.xml)\n\n"
        "[e](2020-01-02-river-bend.md) [f](2020-01-02-river-bent.md) [g](/tags/water/)\n\n"
        "{% post_url 2020-01-01-river-source %} [h]({% post_url 2020-01-01-river-sauce %})\n\n"
        "[i](https://a.example/2020/01/river-delta/) [j](https://a.example/2020/01/nothing/)\n\n"
        "[k](https://b.example/2020/01/nothing/) [l]({{ site.url }}/2020/01/x/) [m](#top)",
        summary="Of links.",
    ),
    "posts/2020-02-02-images.md": post(
        "Images",
        "![a](img/boat.png) ![b](img/Raft.png) ![c](/elsewhere/sea.png) ![d](img/oar.png)\n\n"
        "![e](https://b.example/x.png)",
        summary="Of images.",
    ),
    "posts/img/boat.png": "",
    "posts/img/raft.png": "",
    "posts/2020-02-03-without.md": post("Without one", "A text.", tags="[watre]"),
    "posts/2099-01-01-later.md": post("Later"),
    "posts/2020-02-04-draft.md": post("Draft", draft="true"),
    "posts/2020-02-05-date.md": post("When", summary="Of days.", date="yesterday"),
    "posts/2020-02-06-unread.md": "---\ntitle: [a\n---\n",
    "posts/2020-02-07-broken.md": post("Cats \u201a\u00c4\u00faat home\u201a\u00c4\u00f9",
                                       summary="Of cats."),
    "posts/2020-02-08-again.md": post("The Calculus of Contagion", "One text.", summary="Of it."),
    "links.md": "- [Going beyond rowing](https://m.example/when-safety-feels-like-drowning-0a1b2c)"
    "\n- [When Safety Feels Like Drowning](https://m.example/when-safety-feels-like-drowning-0a1b2c)"
    "\n- [The Calculus of Contagion](https://m.example/calculus) – 2015-03-04"
    "\n- A line without a link\n",
}  # fmt: skip


def found_in(content: Path) -> Found:
    found: Found = defaultdict(list)
    for problem in check(content, content.parent / "index")[1]:
        found[problem.kind].append(problem)
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return found_in(write_files(tmp_path_factory.mktemp("doctor") / "content", FILES))


def places(problems: list[Problem]) -> list[tuple[str, int | None]]:
    return sorted((Path(p.path).name, p.line) for p in problems)


def test_each_finding_has_a_remedy_and_a_kind_that_check_names(found: Found) -> None:
    assert set(found) <= set(CHECKS)
    for problem in (p for problems in found.values() for p in problems):
        assert problem.path
        assert problem.reason
        assert problem.remedy


def test_a_link_to_a_post_that_is_not_there_is_found_on_its_line(found: Found) -> None:
    told = {problem.reason.split("'")[1]: problem for problem in found["broken-link"]}

    assert set(told) == {
        "/2020/01/river-fort/", "2020-01-02-river-bent.md", "post_url 2020-01-01-river-sauce",
        "https://a.example/2020/01/nothing/", "/2020/01/x/",
    }  # fmt: skip
    assert told["/2020/01/river-fort/"].line == 5
    assert told["/2020/01/river-fort/"].remedy == (
        "did you mean https://a.example/2020/01/river-ford/?"
    )
    assert told["2020-01-02-river-bent.md"].line == 7
    assert told["2020-01-02-river-bent.md"].remedy.startswith("did you mean posts/2020-01-02")


def test_an_image_that_is_not_there_is_found_and_one_in_capitals_is_named(found: Found) -> None:
    told = {problem.reason.split("'")[1]: problem.remedy for problem in found["missing-image"]}

    assert told == {
        "img/Raft.png": "did you mean 'raft.png'?",
        "img/oar.png": "put the file there, or mend its name",
    }


def test_an_address_that_names_another_piece_is_found(found: Found) -> None:
    (slip,) = found["wrong-slug"]

    assert (slip.path, slip.line) == ("links.md", 1)
    assert "“When Safety Feels Like Drowning” (links.md:2)" in slip.reason


def test_a_summary_is_missed_only_where_the_others_have_one(found: Found) -> None:
    assert places(found["no-summary"]) == [("2020-02-03-without.md", None)]


def test_a_date_to_come_is_doubted_where_it_is_far(found: Found) -> None:
    (later,) = found["future-date"]

    assert later.path == "posts/2099-01-01-later.md"
    assert later.remedy == "correct the date, if it is not meant: it is shown from then on"
    assert places(found["held-back"]) == [("2020-02-04-draft.md", 3)]


def test_a_post_that_is_planned_is_not_doubted(tmp_path: Path) -> None:
    soon = dt.date.today() + dt.timedelta(days=40)

    (planned,) = found_in(write_files(tmp_path / "content", {"a.md": post("A", date=str(soon))}))[
        "future-date"
    ]

    assert planned.remedy == "it is shown from then on"


def test_entries_that_may_be_one_are_told_with_the_line_that_says_so(found: Found) -> None:
    (near,) = found["near-duplicate"]

    assert 'same = [["blog:2020-02-08-again.md", "links:links.md#the-calculus-of-contagion"]]' in (
        near.remedy
    )


def test_a_tag_of_one_piece_that_may_be_a_common_one_is_told_at_its_piece(found: Found) -> None:
    (slip,) = found["tag-used-once"]

    assert slip.path == "posts/2020-02-03-without.md"
    assert slip.remedy.startswith("run `searchapp tags merge watre water`")


def test_a_blog_whose_address_nobody_stated_is_one_line(tmp_path: Path) -> None:
    blog = write_files(tmp_path / "content", {f"{n}.md": post(f"Post {n}") for n in range(9)})

    (told,) = found_in(blog)["no-address"]

    assert told.path == "sources.toml"
    assert told.reason.startswith("9 pieces of the source 'blog' have no address")


def test_a_piece_of_which_only_the_title_is_known_is_told(tmp_path: Path) -> None:
    blog = write_files(tmp_path / "content", {
        "sources.toml": '[[source]]\nname = "list"\nkind = "list"\npath = "list.yaml"\n',
        "list.yaml": "- title: Rain\n  url: https://a.example/rain\n- title: Snow\n",
    })  # fmt: skip

    (told,) = found_in(blog)["no-address"]

    assert (told.path, told.line) == ("list.yaml", 3)
    assert "“Snow”" in told.reason


@pytest.mark.parametrize("name", ["a" * 300, "猫" * 90], ids=["letters", "cjk"])
@pytest.mark.parametrize(
    ("written", "kind"), [("[l]({}.md)", "broken-link"), ("![i]({}.png)", "missing-image")]
)
def test_a_name_that_no_file_can_have_ended_check_in_a_traceback(
    tmp_path: Path, name: str, written: str, kind: str
) -> None:
    files = {"a.md": post("A", written.format(name))}

    found = found_in(write_files(tmp_path / "content", files))

    assert [problem.line for problem in found[kind]] == [4]


def test_a_folder_without_its_images_says_so_once(tmp_path: Path) -> None:
    posts = {f"{n}.md": post(f"Post {n}", f"![x](pictures/{n}.png)") for n in range(9)}

    (told,) = found_in(write_files(tmp_path / "content", posts))["missing-image"]

    assert told.reason.startswith("9 images of the source 'blog' are not there")


def test_pages_of_the_site_that_are_no_entries_are_no_broken_links(tmp_path: Path) -> None:
    pages = "[a](/about/) [b](/archive/) [c](/feed.xml) [d](/posts/) [e](/cv.pdf) [f](mailto:a@b.c)"
    blog = write_files(tmp_path / "content", {
        "sources.toml": SOURCES.split("[[source]]\nname = \"links\"", maxsplit=1)[0],
        "posts/2020-01-01-a.md": post("A", pages),
        "posts/2020-01-02-b.md": post("B", "[a](/2020/) [b](/2020/01/) [c](/2020/01/a)"),
        "posts/2020-01-03-c.md": post("C"),
    })  # fmt: skip

    assert found_in(blog)["broken-link"] == []


def test_content_itself_has_only_what_is_wrong_with_it() -> None:
    found: Found = defaultdict(list)
    for problem in check(CONTENT, CONTENT / "none")[1]:
        found[problem.kind].append(problem)

    assert places(found["wrong-slug"]) == places(found["conflict"]) == [("writing.md", 17)]
    assert len(found["no-address"]) == 5
    assert {kind for kind, told in found.items() if told} == {
        "conflict", "wrong-slug", "no-address", "repaired", "tag-used-once",
    }  # fmt: skip


def test_the_scattered_example_wants_nothing() -> None:
    assert check(SCATTERED, SCATTERED / "none")[1] == []
