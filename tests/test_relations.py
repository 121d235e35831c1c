"""Pieces that belong together and are counted apart: series, translations, versions."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from builders import a_document, a_work, work_of, write_files

from searchapp.build import build
from searchapp.dedup.model import Likeness
from searchapp.dedup.parts import read_part
from searchapp.dedup.relations import relate_works
from searchapp.documents import Document, InSeries, Work
from searchapp.web import create_app


def titles_of(works: Sequence[Work], kind: str, alike: Sequence[Likeness] = ()) -> list[list[str]]:
    """Return the titles of each relation of a kind, in their order."""
    related, relations = relate_works(works, alike)
    titles = {work.id: work.title for work in related}
    return sorted([titles[w] for w in r.works] for r in relations if r.kind == kind)


def places_of(*titles: str) -> list[tuple[str, str, int | None]]:
    """Return what works with these titles, of one site, have as series and part."""
    related, _ = relate_works([a_work(title) for title in titles])
    return sorted((w.title, w.series, w.part) for w in related if w.series)


def in_series(work: Work, works: Sequence[Work]) -> InSeries | None:
    related, _ = relate_works(works)
    return next(w.in_series for w in related if w.id == work.id)


# --- What a title says of its part ------------------------------------------------------------

PART_TITLES = [
    ("a colon after it", "Kite Making part 1: Tails", ("Kite Making", 1, None)),
    ("a comma before it", "Kite Making, Part 2", ("Kite Making", 2, None)),
    ("in brackets", "Kite Making (Part 3)", ("Kite Making", 3, None)),
    ("of how many", "Kite Making — part 2 of 5", ("Kite Making", 2, 5)),
    ("only numbers", "Kite Making [2/5]", ("Kite Making", 2, 5)),
    ("a roman numeral", "Kite Making, Part IV", ("Kite Making", 4, None)),
    ("a word", "Kite Making: Part Three", ("Kite Making", 3, None)),
    ("German", "Drachen bauen, Teil 2: Schwänze", ("Drachen bauen", 2, None)),
    ("Japanese", "凧の作り方 第3回", ("凧の作り方", 3, None)),
    ("an emoji before it", "The “Kite” Story 🪁✨ Part 2: Up", ("The “Kite” Story 🪁✨", 2, None)),
]  # fmt: skip


@pytest.mark.parametrize(("title", "told"), [pytest.param(*c[1:], id=c[0]) for c in PART_TITLES])
def test_a_title_tells_its_part(title: str, told: tuple[str, int, int | None]) -> None:
    part = read_part(title)

    assert part and (part.name, part.number, part.of) == told


@pytest.mark.parametrize(
    "title",
    [
        "Spare parts", "Part 2", "Part 2: Tails", "I am part of it", "Part 3.5 of me", "🪁 Part 1",
        "What part 20% of it is", "Counterpart 2", "Kites in 2/3 of a day", "Partition", "", "🪁",
        "Kites (5/2)", "part " * 1000, "(" * 5000,
    ],
)  # fmt: skip
def test_a_title_that_names_no_part_tells_none(title: str) -> None:
    assert read_part(title) is None


# --- Series -----------------------------------------------------------------------------------


def test_parts_named_in_titles_are_a_series_in_order() -> None:
    works = [a_work("Kite Making, Part 2: Tails"), a_work("Kite making part 1"), a_work("Kites")]

    assert titles_of(works, "series") == [["Kite making part 1", "Kite Making, Part 2: Tails"]]


def test_a_series_keeps_the_name_that_its_first_part_has() -> None:
    assert places_of("Kite making pt. 2", "Kite Making part 1") == [
        ("Kite Making part 1", "Kite Making", 1),
        ("Kite making pt. 2", "Kite Making", 2),
    ]


def test_a_series_that_was_renamed_goes_on() -> None:
    assert places_of(
        "Modern post-training part 1: PPO", "Modern post-training part 2: DPO",
        "Modern LLM post-training part 3: GRPO", "Modern LLM post-training part 4: GDPO",
    ) == [
        ("Modern LLM post-training part 3: GRPO", "Modern post-training", 3),
        ("Modern LLM post-training part 4: GDPO", "Modern post-training", 4),
        ("Modern post-training part 1: PPO", "Modern post-training", 1),
        ("Modern post-training part 2: DPO", "Modern post-training", 2),
    ]  # fmt: skip


NOT_RENAMED = [
    ("a part between is lacking", "Modern post-training part 2", "Modern LLM post-training part 4"),
    ("it has a first part", "Modern post-training part 1", "Modern LLM post-training part 1"),
    ("another subject", "Modern post-training part 1", "Modern kite making part 2"),
    ("another year", "The 2023 kite year part 1", "The 2024 kite year part 2"),
    ("too short a name", "Kites part 1", "Kites indoors part 2"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in NOT_RENAMED])
def test_another_series_is_not_taken_for_a_renamed_one(one: str, other: str) -> None:
    assert places_of(one, other) == []


def test_two_series_that_may_both_go_on_are_left_alone() -> None:
    works = ("Modern kite post-training part 1", "Modern LLM post-training part 1")

    assert places_of(*works, "Modern post-training part 2") == []


def test_the_only_work_that_can_be_part_1_is_part_1() -> None:
    assert places_of(
        "The “Turtle Speed” Breakthrough 🐢✨ Part 2: Chaos",
        "The “Turtle Speed” Breakthrough 🐢✨: Decoding Optimizers",
        "The Turtle",
    ) == [
        ("The “Turtle Speed” Breakthrough 🐢✨ Part 2: Chaos",
         "The “Turtle Speed” Breakthrough 🐢✨", 2),
        ("The “Turtle Speed” Breakthrough 🐢✨: Decoding Optimizers",
         "The “Turtle Speed” Breakthrough 🐢✨", 1),
    ]  # fmt: skip


NOT_FIRST = [
    ("of two that may be, neither", ["Turtle Breakthrough: Aa", "Turtle Breakthrough: Bb"]),
    ("the name only begins it", ["Turtle Breakthroughs of the year"]),
    ("it came later", [a_work("Turtle Breakthrough", date="2024-01-01")]),
    ("on another site", [a_work("Turtle Breakthrough", site="Elsewhere")]),
    ("in another language", [a_work("Turtle Breakthrough", language="de")]),
]  # fmt: skip


@pytest.mark.parametrize("others", [pytest.param(c[1], id=c[0]) for c in NOT_FIRST])
def test_doubt_makes_nothing_a_first_part(others: list[Work | str]) -> None:
    second = a_work("Turtle Breakthrough part 2", date="2023-01-01")
    works = [work if isinstance(work, Work) else a_work(work) for work in others]

    assert titles_of([second, *works], "series") == []


def test_one_name_on_two_sites_is_two_series() -> None:
    ours = [a_work(f"Learning Rust part {n}", site="Ours") for n in (1, 2)]
    theirs = [a_work(f"Learning Rust part {n}", site="Theirs") for n in (1, 2)]

    assert len(titles_of([*ours, *theirs], "series")) == 2


def test_what_is_declared_is_never_overruled_by_a_title() -> None:
    work = a_work("Kite Making part 7", series="My Summer", part=2)

    assert in_series(work, [work]) == InSeries("My Summer", 2)


def test_spellings_of_a_declared_series_are_one_with_what_its_titles_name() -> None:
    one = a_work("Up", series="Kite Making", part=1)
    two = a_work("Tails", series="kite making", part=2)
    three = a_work("Kite making, part 3")
    works = [one, two, three]

    assert {w.series for w in relate_works(works)[0]} == {"Kite Making"}
    assert titles_of(works, "series") == [["Up", "Tails", "Kite making, part 3"]]


def test_a_declared_series_takes_its_numbers_from_titles_where_it_has_none() -> None:
    work = a_work("Kite Making part 2 of 3", series="Kites")

    assert in_series(work, [work]) == InSeries("Kites", 2, 3)


def test_a_series_without_numbers_is_in_the_order_of_its_dates() -> None:
    later = a_work("B", series="Kites", date="2024-01-01")
    sooner = a_work("C", series="Kites", date="2023-01-01")

    assert titles_of([a_work("A", series="Kites"), later, sooner], "series") == [["C", "B", "A"]]


def test_a_series_in_two_languages_is_listed_in_each() -> None:
    works = [
        a_work(f"{language} {n}", series="Kites", part=n, language=language)
        for language in ("en", "de") for n in (2, 1)
    ]  # fmt: skip

    assert titles_of(works, "series") == [["de 1", "de 2"], ["en 1", "en 2"]]


def test_the_title_of_any_copy_tells_the_part() -> None:
    copied = work_of(a_document("Tails"), a_document("Kite Making part 2", site="Medium"))

    assert in_series(copied, [copied, a_work("Kite Making part 1")]) == InSeries("Kite Making", 2)


# --- Translations -----------------------------------------------------------------------------


def a_post(path: str, language: str, title: str = "", **fields: object) -> Work:
    name = title or f"{language} {path}"
    return a_work(name, id=f"blog:{path}", language=language, **fields)


TRANSLATED = [
    ("a second ending", a_post("kites.md", "en"), a_post("kites.de.md", "de")),
    ("two second endings", a_post("kites.en.md", "en"), a_post("kites.ja.md", "ja")),
    ("a folder", a_post("kites.md", "en"), a_post("de/kites.md", "de")),
    ("two folders", a_post("en/posts/kites.md", "en"), a_post("de/posts/kites.md", "de")),
    ("a language with its region", a_post("kites.md", "en"), a_post("pt-br/kites.md", "pt-BR")),
    ("one name on one site", a_post("a/kite-making.md", "en"), a_post("b/kite-making.md", "de")),
    ("one name, two dates", a_post("2023-01-01-on-kites.md", "en"),
     a_post("2024-02-02-on-kites.md", "de")),
    ("a part of the address", a_work("A", language="en", url="https://a.example/kites/"),
     a_work("B", language="de", url="https://a.example/de/kites/")),
    ("a host", a_work("A", language="en", url="https://www.a.example/kites"),
     a_work("B", language="de", url="https://de.a.example/kites")),
    ("a parameter", a_work("A", language="en", url="https://a.example/?p=7"),
     a_work("B", language="de", url="https://a.example/?p=7&lang=de")),
    ("a name that both declare", a_work("A", language="en", translation="Kites"),
     a_work("B", language="de", translation="kites")),
    ("the id of the other", a_post("x.md", "en"), a_post("y.md", "de", translation="blog:x.md")),
    ("the address of the other", a_work("A", language="en", url="https://a.example/x"),
     a_work("B", language="de", translation="http://www.a.example/x/")),
    ("an address declared as its original", a_work("A", language="en", url="https://a.example/x"),
     a_work("B", language="de", canonical_url="https://a.example/x")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in TRANSLATED])
def test_a_translation_is_known_by(one: Work, other: Work) -> None:
    assert titles_of([one, other], "translations") == [
        [work.title for work in sorted((one, other), key=lambda w: w.canonical.language)]
    ]


UNRELATED = [
    ("one language", a_post("kites.md", "en"), a_post("en/kites.md", "en")),
    ("regions of one language", a_post("kites.md", "en-GB"), a_post("en-us/kites.md", "en-US")),
    ("a title alone", a_work("GRPO", language="en"), a_work("GRPO", language="de")),
    ("a short name", a_post("a/about.md", "en"), a_post("b/about.md", "de")),
    ("another site", a_post("a/kite-making.md", "en"), a_post("b/kite-making.md", "de", site="X")),
    ("entries of one file", a_work("A", id="list:x.de.yaml#a", source="list", language="en"),
     a_work("B", id="list:x.yaml#a", source="list", language="de")),
    ("an address that says nothing", a_work("A", language="en", url="http://[::"),
     a_work("B", language="de", url="http://[::")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [pytest.param(*c[1:], id=c[0]) for c in UNRELATED])
def test_no_translation_is_guessed_from(one: Work, other: Work) -> None:
    assert titles_of([one, other], "translations") == []


def test_a_name_that_two_of_one_language_share_links_nothing() -> None:
    works = [
        a_post(f"{n}/kite-making.md", language) for n, language in enumerate(["en", "en", "de"])
    ]

    assert titles_of(works, "translations") == []


def test_translations_of_one_piece_are_one_group_by_language() -> None:
    works = [a_post("kites.md", "en", "E"), a_post("kites.ja.md", "ja", "J"),
             a_post("x.md", "de", "D", translation="blog:kites.md")]  # fmt: skip

    assert titles_of(works, "translations") == [["D", "E", "J"]]


# --- Versions ---------------------------------------------------------------------------------


def near(a: Document, b: Document, jaccard: float, containment: float) -> Likeness:
    return Likeness(a.id, b.id, jaccard, containment, 60)


def test_a_talk_given_again_is_a_version_in_the_order_of_dates() -> None:
    again = [a_work("Kites for Writers", kind="talk", date=f"20{y}-05-01") for y in (24, 22, 23)]

    (group,) = [r.works for r in relate_works(again)[1] if r.kind == "versions"]

    assert list(group) == [again[1].id, again[2].id, again[0].id]


@pytest.mark.parametrize(
    ("title", "kind", "count"),
    [("Weeknotes from Here", "post", 2), ("Welcome", "talk", 2), ("Kites for Writers", "talk", 13)],
    ids=["posts", "a title that says little", "a column of talks"],
)
def test_a_title_alone_makes_no_version_of(title: str, kind: str, count: int) -> None:
    assert titles_of([a_work(title, kind=kind) for _ in range(count)], "versions") == []


def test_a_text_revised_is_a_version() -> None:
    one, two = a_document("Kites", date="2020-01-01"), a_document("Kites again", date="2021-01-01")

    assert titles_of([work_of(two), work_of(one)], "versions", [near(one, two, 0.6, 0.8)]) == [
        ["Kites", "Kites again"]
    ]


def test_a_blurb_revised_is_a_version() -> None:
    blurb = "The single node is dead. One instance of it is no longer enough for what comes. {}"
    works = [
        a_work("Understanding Databases of Today", text=blurb.format("Come and hear why.")),
        a_work("Understanding Databases", text=blurb.format("Come and hear of it.")),
        a_work("Baking Bread", text=blurb.format("Come and eat.")),
    ]

    assert titles_of(works, "versions") == [
        ["Understanding Databases", "Understanding Databases of Today"]
    ]


def test_one_text_under_two_titles_is_a_version() -> None:
    one, two = a_document("Part 1 of teaching", date="2016-05-03"), a_document("The best language")

    assert titles_of([work_of(two), work_of(one)], "versions", [near(one, two, 0.87, 0.94)]) == [
        ["Part 1 of teaching", "The best language"]
    ]


@pytest.mark.parametrize(
    ("one", "two", "likeness"),
    [
        ({"title": "2023 in review"}, {"title": "2024 in review"}, (0.7, 0.9)),
        ({"title": "Kites over Lakes"}, {"title": "Kites"}, (0.3, 0.9)),
        ({"title": "A letter"}, {"title": "Another hello"}, (0.75, 0.9)),
        ({"title": "Kites"}, {"title": "Kites", "language": "de"}, (0.9, 0.9)),
    ],
    ids=["another year", "a text within another", "a common frame", "another language"],
)
def test_near_texts_are_no_versions_of(
    one: dict[str, str], two: dict[str, str], likeness: tuple[float, float]
) -> None:
    a, b = a_document(**one), a_document(**two)

    assert titles_of([work_of(a), work_of(b)], "versions", [near(a, b, *likeness)]) == []


def test_pieces_of_one_title_stay_apart_however_many_they_are() -> None:
    works = [a_work("Untitled", kind="talk") for _ in range(3_000)]

    related, relations = relate_works([*works, *(a_work("") for _ in range(3_000))])

    assert len(related) == 6_000
    assert relations == ()


def test_the_next_part_was_a_related_piece_too_and_two_of_one_title_looked_the_same(
    tmp_path: Path,
) -> None:
    text = "Sourdough starter, crumb, proofing and oven.\n"
    posts = {
        f"content/bread-{n}.md": f"---\ntitle: Bread {n}\nseries: Bread\npart: {n}\n---\n{text * n}"
        for n in (1, 2)
    }
    posts |= {
        f"content/ovens-{year}.md": f"---\ntitle: On ovens\ndate: {year}-05-01\n---\n{text}{more}"
        for year, more in ((2019, "Bricks and clay. " * 9), (2023, "Gas and steel. " * 9))
    }
    posts |= {f"content/sea-{n}.md": f"---\ntitle: Sea {n}\n---\nWaves {n}." for n in range(6)}
    folder = write_files(tmp_path, posts)
    build(folder / "content", folder / "index")
    client = create_app(folder / "index").test_client()
    (first,) = [
        h for h in client.get("/api/search?q=title:bread").json["hits"] if "1" in h["title"]
    ]
    html = client.get(f"/works/{first['id']}/").text
    related = html.partition("Related pieces")[2].partition("</ul>")[0]

    assert "Bread 2" in html
    assert "Bread 2" not in related
    assert "On ovens (2019)" in related
    assert "On ovens (2023)" in related


def test_a_series_may_begin_with_part_0(tmp_path: Path) -> None:
    posts = {
        f"{n}.md": f"---\ntitle: Kite {n}\nseries: Kites\npart: {n}\ndate: 2024-01-0{n + 1}\n---\n"
        for n in range(3)
    }
    report = build(write_files(tmp_path / "content", posts), tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()

    hits = client.get("/api/search?sort=oldest").get_json()["hits"]

    assert report.warnings == ()
    assert [hit["series"]["part"] for hit in hits] == [0, 1, 2]
    assert "Kites, part 0 of 3" in client.get("/?q=kite").text
