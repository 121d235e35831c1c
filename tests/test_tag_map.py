"""The map of tags: laid out by plain functions, then measured as Chromium draws it."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from builders import a_tag, a_work, write_files
from conftest import serving
from maps import measure_map
from playwright.sync_api import Browser, Page, expect

from searchapp import open_index
from searchapp.build import build
from searchapp.documents import MapLabel, TagMap, Work
from searchapp.tags import draw_map
from searchapp.tags.clusters import group_tags

SUBJECTS = ("baking", "rivers", "birds")


def random_works(number: int, tags: int) -> list[Work]:
    chance = random.Random(number)
    return [a_work(tags=chance.sample([f"tag {i}" for i in range(tags)], 3)) for _ in range(number)]


def posts_on_subjects(number: int) -> list[list[str]]:
    """Return the tags of posts, each on one of a few subjects of six tags, and now and then two."""
    chance = random.Random(1)
    posts = []
    for i in range(number):
        subject = SUBJECTS[i % len(SUBJECTS)]
        tags = [f"{subject} {n}" for n in chance.sample(range(6), 3)]
        if i % 10 == 0:
            tags.append(f"{chance.choice(SUBJECTS)} 0")
        posts.append(tags)
    return posts


def labels_of(drawn: TagMap) -> list[MapLabel]:
    return [label for region in drawn.regions for label in region.labels]


def cross(one: MapLabel, other: MapLabel) -> bool:
    across = abs(one.x - other.x) < (one.width + other.width) / 2
    return across and abs(one.y - other.y) < (one.height + other.height) / 2


GRAPHS: dict[str, list[Work]] = {
    "two tags": [a_work(tags=["a", "b"])],
    "three tags": [a_work(tags=["a", "b", "c"])],
    "all on one piece": [a_work(tags=[f"t{i}" for i in range(60)])],
    "one beside all others": [a_work(tags=["hub", f"t{i}"]) for i in range(60)],
    "pairs apart": [a_work(tags=[f"t{i}", f"u{i}"]) for i in range(30)],
    "a chain": [a_work(tags=[f"t{i}", f"t{i + 1}"]) for i in range(60)],
    "by chance": random_works(300, 60),
    "long names": [a_work(tags=[f"{'w' * 90}{i}", f"{'川' * 50}{i % 9}"]) for i in range(40)],
}


@pytest.mark.parametrize("works", GRAPHS.values(), ids=GRAPHS)
def test_no_two_labels_cross_and_all_lie_on_the_sheet(works: list[Work]) -> None:
    drawn = draw_map(works, [])

    assert drawn
    for one, other in combinations(labels_of(drawn), 2):
        assert not cross(one, other), (one, other)
    for label in labels_of(drawn):
        assert 0 < label.x - label.width / 2 < label.x + label.width / 2 < drawn.width
        assert 0 < label.y - label.height / 2 < label.y + label.height / 2 < drawn.height
    assert drawn.width < 30 * max(label.width for label in labels_of(drawn))


@pytest.mark.parametrize("works", GRAPHS.values(), ids=GRAPHS)
def test_each_label_lies_within_the_coast_of_its_region(works: list[Work]) -> None:
    drawn = draw_map(works, [])

    assert drawn
    for region in drawn.regions:
        shores = [_read_path(path) for path in region.coast.split("Z") if path]
        for label in region.labels:
            inside = sum(_holds(shore, label.x, label.y) for shore in shores)
            assert inside % 2 == 1, label


def _read_path(path: str) -> list[tuple[float, float]]:
    numbers = list(map(float, re.findall(r"-?\d+", path)))
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _holds(shore: Sequence[tuple[float, float]], x: float, y: float) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(shore, [*shore[1:], shore[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


def test_the_same_tags_give_the_same_map_whatever_the_order_of_works() -> None:
    works = random_works(200, 40)

    assert draw_map(works, []) == draw_map(works[::-1], [])


def test_the_150_most_used_tags_are_shown_the_larger_the_more_pieces() -> None:
    works = random_works(900, 200)
    counts: dict[str, int] = {}
    for tag in (tag for work in works for tag in work.tags):
        counts[tag] = counts.get(tag, 0) + 1

    drawn = draw_map(works, [])

    assert drawn
    shown = labels_of(drawn)
    assert len(shown) == 150
    assert min(label.count for label in shown) >= sorted(counts.values())[-150]
    assert all(label.count == counts[label.tag] for label in shown)
    by_count = sorted(shown, key=lambda label: label.count)
    assert [label.size for label in by_count] == sorted(label.size for label in shown)


def test_tags_that_stand_beside_no_other_are_left_out() -> None:
    drawn = draw_map([a_work(tags=["a", "b"]), a_work(tags=["alone"])], [a_tag("a", label="A!")])

    assert drawn
    assert {label.label for label in labels_of(drawn)} == {"A!", "b"}


def test_a_map_is_drawn_anew_only_where_its_tags_have_changed() -> None:
    works = random_works(60, 20)
    earlier = draw_map(works, [])
    assert earlier

    assert draw_map([*works, a_work()], [], earlier) is earlier
    assert draw_map([*works, a_work(tags=["tag 1", "tag 2"])], [], earlier) is not earlier
    assert draw_map(works, [a_tag("tag 1", label="One")], earlier) is not earlier


@pytest.mark.parametrize("works", [[], [a_work()], [a_work(tags=["a"]), a_work(tags=["b"])]])
def test_without_two_tags_on_a_piece_there_is_no_map(works: list[Work]) -> None:
    assert draw_map(works, []) is None


def test_subjects_are_told_apart_by_what_stands_together() -> None:
    drawn = draw_map([a_work(tags=tags) for tags in posts_on_subjects(120)], [])

    assert drawn
    regions = [{label.tag.split()[0] for label in region.labels} for region in drawn.regions]
    assert sorted(map(tuple, regions)) == sorted((subject,) for subject in SUBJECTS)


def test_groups_beyond_the_most_are_joined_to_those_they_have_most_in_common_with() -> None:
    weights = np.zeros((8, 8))
    for a, b, weight in ((0, 1, 1.0), (2, 3, 1.0), (4, 5, 1.0), (6, 7, 1.0), (5, 6, 0.3)):
        weights[a, b] = weights[b, a] = weight

    groups = group_tags(weights, 3)

    assert len(set(groups.tolist())) == 3
    assert len({int(groups[i]) for i in (4, 5, 6, 7)}) == 1


# --- In the browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server over posts on a few subjects, and its index."""
    content = tmp_path_factory.mktemp("subjects")
    posts = {
        f"{i}.md": f"---\ntitle: Post {i}\ntags: [{', '.join(tags)}]\n---\nText."
        for i, tags in enumerate(posts_on_subjects(90))
    }
    index = tmp_path_factory.mktemp("index")
    build(write_files(content, posts), index)
    with serving(content, index) as address:
        yield address, index


def test_in_the_browser_no_label_crosses_and_linked_tags_lie_nearer(
    page: Page, subjects: tuple[str, Path], content_server: str, content_index: Path
) -> None:
    for address, index in (subjects, (content_server, content_index)):
        page.goto(f"{address}/tags/map/")

        measured = measure_map(page, open_index(index))

        assert measured.labels >= 18
        assert measured.crossing == ()
        assert measured.ratio <= 0.6


def test_every_label_leads_to_its_tag_by_keyboard_too(page: Page, content_server: str) -> None:
    page.goto(f"{content_server}/tags/map/")
    page.locator(".sheet").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".map a:focus")
    label = focused.locator("text").inner_html()
    assert focused.get_by_role("link") is not None

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(label)


def test_regions_stand_in_words_before_they_are_drawn(page: Page, content_server: str) -> None:
    page.goto(f"{content_server}/tags/map/")

    listed = page.locator(".regions .tags a").all_inner_texts()
    drawn = page.locator(".map text").all_text_contents()

    assert [re.sub(r"\s[\d,]+$", "", label) for label in listed] == drawn
    words, sheet = page.locator(".regions").bounding_box(), page.locator(".map").bounding_box()
    assert words and sheet
    assert words["y"] + words["height"] < sheet["y"]


def _contrast(page: Page, front: str, back: str) -> float:
    """Return the contrast of two CSS colours such as `rgb(1, 2, 3)`, as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(c * w for c, w in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    darker, lighter = sorted(map(luminance, (front, back)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_stand_out_from_their_land(
    scheme: str, browser: Browser, content_server: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{content_server}/tags/map/")

    colours = page.evaluate(
        """[1, 2, 3, 4, 5, 6, 7, 8].map(n => {
             const probe = document.querySelector('.map .land').cloneNode();
             probe.setAttribute('class', 'land r' + n);
             document.querySelector('.map').append(probe);
             const {fill} = getComputedStyle(probe), name = document.createElement('i');
             name.className = 'r' + n; name.style.color = 'var(--name)';
             document.body.append(name);
             return [getComputedStyle(name).color, fill];
           })"""
    )

    page.close()
    assert len({land for _, land in colours}) == 8
    for name, land in colours:
        assert _contrast(page, name, land) >= 7, (name, land)


def test_a_narrow_screen_scrolls_the_sheet_and_not_the_page(
    page: Page, content_server: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{content_server}/tags/map/")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sheet = page.locator(".sheet")
    assert sheet.evaluate("e => e.scrollWidth > e.clientWidth")
    heights = page.locator(".map text").evaluate_all(
        "t => t.map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 12


def test_a_tag_called_map_keeps_its_address_and_the_map_moves_aside(
    browser: Browser, tmp_path: Path, subjects: Callable[..., object]
) -> None:
    from searchapp.web import create_app  # noqa: PLC0415

    content = write_files(
        tmp_path / "content",
        {"a.md": "---\ntitle: A\ntags: [map, paper]\n---\n", "b.md": "---\ntags: [paper]\n---\nB"},
    )
    build(content, tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()

    assert re.search("<h1[^>]*>map</h1>", client.get("/tags/map/").text)
    assert 'href="/tag-map/"' in client.get("/tags/").text
    assert "Map of the tags" in client.get("/tag-map/").text
