"""Joining by titles and texts: copies elsewhere are found, and doubt joins nothing."""

import random

import pytest
from builders import a_document

from searchapp.dedup import Verdict, Verdicts, join_documents

TITLE = "On Drawing Tide Tables by Hand"
WORDS = [f"{a}{b}" for a in ("sal", "tid", "net", "buo", "fer", "har") for b in "abcdefghijklmnop"]


def a_text(seed, words=200):
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) for _ in range(words))


def a_post(id_, title=TITLE, **fields):
    fields = {"url": f"https://blog.example/{id_}/", "text": a_text(1), **fields}
    return a_document(title, id=id_, **fields)


def a_copy(id_, title=TITLE, **fields):
    fields = {"url": f"https://copies.example/{id_}/", "text": a_text(1), **fields}
    return a_document(title, id=id_, source="copies", site="Copies", **fields)


def join(*documents, different=()):
    verdicts = Verdicts((), tuple(Verdict(tuple(names)) for names in different))
    return join_documents(documents, verdicts)


def groups(joined):
    return {"+".join(sorted(d.id for d in work.documents)) for work in joined.works}


def rules(joined):
    return [e.rule for work in joined.works for e in work.evidence]


def edited(text, every=25):
    return " ".join(w for n, w in enumerate(text.split()) if n % every)


JOINED = [
    ("title and edited text", {"text": edited(a_text(1))}, "title and text"),
    ("an excerpt", {"text": " ".join(a_text(1).split()[:80])}, "title and text"),
    ("no text, a title of many words", {"text": ""}, "same title"),
    ("another title, a footer", {"title": "Ink", "text": f"{a_text(1)} {a_text(5, 50)}"},
     "same text"),
    ("no subtitle", {"title": "On Drawing Tide Tables", "text": edited(a_text(1))},
     "title and text"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "rule"), [pytest.param(*c[1:], id=c[0]) for c in JOINED])
def test_a_copy_on_another_site_is_found(fields, rule):
    joined = join(a_post("post"), a_copy("copy", **fields))

    assert groups(joined) == {"copy+post"}
    assert rules(joined) == [rule]


APART = [
    ("one title, other texts", {"text": a_text(2)}),
    ("a title of two words", {"title": "Weekly links", "text": ""}),
    ("one title, long after", {"text": "", "date": "2024-09-01"}),
    ("one title, another language", {"text": "", "language": "de"}),
    ("one title, other authors", {"authors": ["B. Buoy"]}),
    ("a talk given again", {"text": "", "kind": "talk"}),
    ("another part with near the same text", {"title": f"{TITLE}, Part 2"}),
    ("equal summaries alone", {"title": "My answer", "text": "", "summary": "My answer"}),
]


@pytest.mark.parametrize("fields", [pytest.param(c[1], id=c[0]) for c in APART])
def test_what_may_be_another_piece_stays_apart(fields):
    title = fields.get("title", TITLE).removesuffix(", Part 2")
    title = f"{title}, Part 1" if fields.get("title", "").endswith("Part 2") else title
    post = a_post("post", title, date="2024-01-01", authors=["A. Ferry"], summary="My answer")

    assert groups(join(post, a_copy("copy", **fields))) == {"copy", "post"}


def test_doubt_is_told_with_its_score_and_reason():
    joined = join(a_post("post", date="2024-01-01"), a_copy("copy", text="", date="2024-09-01"))

    [miss] = joined.near_misses
    assert (miss.a, miss.b, miss.score) == ("copy", "post", 0.5)
    assert miss.reason == "one title, but 244 days apart"


def test_a_bodyless_entry_between_two_vetoed_posts_joins_neither():
    one, other = a_post("one"), a_post("other", text=a_text(2), site="Notes", source="notes",
                                       url="https://notes.example/other/")  # fmt: skip
    entry = a_copy("entry", text="")

    assert groups(join(one, other, entry)) == {"one", "other", "entry"}


def test_a_bodyless_entry_between_two_posts_that_a_verdict_parts_joins_neither():
    one, other = a_post("one"), a_post("other", site="Notes", url="https://notes.example/other/")
    entry = a_copy("entry", text="")

    joined = join(one, other, entry, different=[["one", "other"]])
    assert groups(joined) == {"one", "other", "entry"}


def test_a_title_that_comes_again_on_one_site_names_no_piece_elsewhere():
    weeks = [a_post(f"week-{n}", "What we learned this month", text=a_text(n)) for n in (1, 2)]
    copy = a_copy("copy", "What we learned this month", text="")

    assert len(join(*weeks, copy).works) == 3


def test_a_title_that_comes_again_joins_by_its_text():
    weeks = [a_post(f"week-{n}", "What we learned this month", text=a_text(n)) for n in (1, 2)]
    copy = a_copy("copy", "What we learned this month", text=a_text(2))

    assert groups(join(*weeks, copy)) == {"week-1", "copy+week-2"}


def test_a_cut_title_that_may_be_two_titles_joins_neither():
    posts = [a_post(n, f"On Drawing Tide Tables {n}", text=a_text(n)) for n in ("ink", "chalk")]
    copy = a_copy("copy", "On Drawing Tide Tabl…", text="")

    assert len(join(*posts, copy).works) == 3


def test_letters_that_share_three_quarters_with_every_other_are_not_one():
    greeting = a_text(1, 150)
    titles = ["Ink", "Chalk", "Slate", "Brass", "Copper", "Rope"]
    letters = [a_post(t, t, text=f"{greeting} {a_text(t, 25)}", date="2024-01-01") for t in titles]
    copy = a_copy("copy", "Tin", text=f"{greeting} {a_text('tin', 25)}", date="2024-01-02")

    assert len(join(*letters, copy).works) == 7


def test_near_texts_of_two_works_are_told_as_alike():
    one = a_post("one", date="2023-01-01", kind="talk")
    again = a_post("again", date="2024-01-01", kind="talk")

    [found] = join(one, again).likenesses
    assert (found.a, found.b, found.jaccard) == ("again", "one", 1.0)


def test_two_posts_of_one_site_are_never_chained_by_a_copy():
    one = a_post("one", date="2023-01-01")
    again = a_post("again", date="2024-01-01")
    copy = a_copy("copy", date="2023-01-02")

    assert not any({"one", "again"} <= {d.id for d in w.documents}
                   for w in join(one, again, copy).works)  # fmt: skip


def test_equal_titles_in_a_round_up_of_many_hosts_mean_little():
    lines = [
        a_document(f"Line {n} about other things", id=f"{n}", url=f"https://host{n}.example/")
        for n in range(12)
    ]
    twice = [a_document(TITLE, id=n, url=f"https://{n}.example/x/") for n in ("one", "other")]

    joined = join(*lines, *twice)
    assert len(joined.works) == 14
    assert [miss.reason for miss in joined.near_misses] == ["one title at two hosts, in one list"]


def test_a_page_of_a_writers_few_places_joins_copies_by_title():
    places = [a_document(TITLE, id=n, url=f"https://{n}.example/x/") for n in ("one", "other")]

    assert groups(join(*places)) == {"one+other"}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"title": ""}, id="empty title"),
        pytest.param({"title": "🐢"}, id="one emoji"),
        pytest.param({"title": "salt " * 1_000}, id="5,000 characters"),
        pytest.param({"url": "tbc"}, id="no address"),
        pytest.param({"url": "javascript:alert(1)"}, id="javascript"),
        pytest.param({"canonical_url": "https://elsewhere.example/"}, id="another's address"),
    ],
)
def test_bad_input_loses_nothing(fields):
    joined = join(a_post("post"), a_copy("copy", **{"text": "", "title": "Salt", **fields}))

    assert sum(len(work.documents) for work in joined.works) == 2
