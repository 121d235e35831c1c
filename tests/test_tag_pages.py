"""The pages of tags by Flask's client: their list, each tag's page, and what they never do."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import a_document, a_tag, a_work, work_of, write_files
from flask.testing import FlaskClient
from html_reader import find, find_all, read_html

from searchapp import Index
from searchapp.build import build
from searchapp.documents import Tag, Work
from searchapp.web import create_app

HTMX = {"HX-Request": "true"}


@pytest.fixture
def client_of(index_of: Callable[..., Index], tmp_path: Path) -> Callable[..., FlaskClient]:
    """Serve the given works."""

    def serve(*works: Work, **more: Any) -> FlaskClient:
        index_of(*works, **more)
        return create_app(tmp_path / "index").test_client()

    return serve


def get(client: FlaskClient, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, f"{url} gave {response.status_code}"
    read_html(response.text)
    return response.text


def listed(html: str) -> list[str]:
    """Return the tags in the list, as `label count`."""
    values = find_all(html, "a", class_="value")
    return [re.sub(r" pieces?$", "", value.text) for value in values]


def years_on(html: str) -> list[str]:
    return [heading.text for heading in find_all(html, "h2", class_="year")]


def suggest(client: FlaskClient, typed: str) -> dict[str, Any]:
    answer = client.get("/api/suggest", query_string={"q": typed})
    assert answer.status_code == 200
    return dict(json.loads(answer.data))


# --- The list of all tags -----------------------------------------------------------------------


def test_tags_are_found_by_any_part_of_any_name(client_of: Callable[..., FlaskClient]) -> None:
    client = client_of(
        a_work(tags=["reinforcement-learning"]), a_work(tags=["learning", "machine-learning"]),
        a_work(tags=["machine-learning", "cplusplus"]),
        tags=[Tag("reinforcement-learning", "Reinforcement learning", ("RL",)),
              Tag("machine-learning", "Machine Learning"), Tag("cplusplus", "C++")],
    )  # fmt: skip

    def found(typed: str) -> list[str]:
        return listed(client.get("/tags/", query_string={"q": typed}).text)

    assert found("learn") == ["learning 1", "Machine Learning 2", "Reinforcement learning 1"]
    assert found("machineLearn") == ["Machine Learning 2"]
    assert found("MACHINE-l") == ["Machine Learning 2"]
    assert found("rl") == ["Reinforcement learning RL 1"]
    assert found("c++") == ["C++ 1"]


def test_htmx_gets_the_list_alone_and_the_count_beside_it(content_client: FlaskClient) -> None:
    response = content_client.get("/tags/?q=reason", headers=HTMX)

    assert "<html" not in response.text
    assert find(response.text, "p", id="tags-counted").text == "2 tags with “reason”"
    assert find(response.text, "div", id="tag-list")
    assert response.headers["Cache-Control"] == "no-store"
    assert "HX-Request" in response.headers["Vary"]
    restoring = content_client.get("/tags/", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in restoring.text


def test_what_is_in_no_tag_leads_to_the_nearest_ones(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/?q=agnets")

    assert "0 tags with “agnets”" in html
    assert "Agents 7" in listed(html)
    assert "Show all tags" in [a.text for a in find_all(html, "a", href="/tags/")]


def many_works(number: int) -> list[Work]:
    return [
        a_work(tags=[f"{'abc'[i % 3]}{i:03}"], date=f"20{i % 20:02}-01-01") for i in range(number)
    ]


def test_many_tags_stand_on_pages_and_every_one_is_on_some(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*many_works(450))

    for order in ("count", "latest"):
        first = get(client, f"/tags/?sort={order}")
        assert len(listed(first)) == 200
        pages = [a["href"] for a in find_all(first, "a") if "page=" in (a.get("href") or "")]
        tags = {tag for url in pages for tag in listed(get(client, url))} | {*listed(first)}
        assert len(tags) == 450
    letters = find_all(get(client, "/tags/?sort=title"), "a")
    urls = [a["href"] for a in letters if "letter=" in (a.get("href") or "")]
    assert len(urls) == 2  # the first letter is shown already
    assert len(listed(get(client, urls[0]))) == 150


def test_few_tags_stand_on_one_page_under_their_letters(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/?sort=title")

    headings = {
        h["id"]: h.text for h in find_all(html, "h2") if (h.get("id") or "").startswith("letter")
    }
    letters = [a for a in find_all(html, "a") if (a.get("href") or "").startswith("#letter")]
    assert {a["href"][1:]: a.text for a in letters} == headings
    assert len(listed(html)) == 44


def test_names_of_many_scripts_stand_under_letters_of_theirs(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(a_work(tags=["été", "Ωmega", "жук", "川", "山", "タグ", "4chan", "한국"]))

    html = get(client, "/tags/?sort=title")

    headings = [h.text for h in find_all(html, "h2") if (h.get("id") or "").startswith("letter")]
    assert headings == ["0–9", "CJK", "E", "Hangul", "Katakana", "Ω", "Ж"]


def test_the_latest_used_come_first_under_their_years(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        a_work(tags=["old", "both"], date="2019-05-01"), a_work(tags=["both"], date="2023-05-01"),
        a_work(tags=["undated"]),
    )  # fmt: skip

    html = get(client, "/tags/?sort=latest")

    assert listed(html) == ["both 2", "old 1", "undated 1"]
    assert [h.text for h in find_all(html, "h2")] == ["2023", "2019", "Undated"]


def test_bundles_hold_only_tags_that_some_piece_has(tmp_path: Path) -> None:
    content = write_files(
        tmp_path / "content",
        {
            "a.md": "---\ntitle: A\ntags: [rivers]\n---\n",
            "tags.toml": '[bundles]\n"Water" = ["rivers", "lakes"]\n"Nothing" = ["deserts"]\n',
        },
    )
    build(content, tmp_path / "index")

    html = get(create_app(tmp_path / "index").test_client(), "/tags/")

    assert find(html, "h3", id="bundle-1").text == "Water"
    assert "lakes" not in html and "Nothing" not in html and "deserts" not in html


@pytest.mark.parametrize(
    "query",
    ["sort=nonsense", "letter=%00", "sort=title&letter=%F0%9F%90%A2", "page=0", "page=-1",
     "page=999999999999", "page=x", "q=" + "a" * 5000, "q=%FF%FE", "q=%00", "q=%3Cscript%3E",
     "q=%F0%9F%90%A2", "q=+", "q=a&q=b", "sort=latest&page=7"],
)  # fmt: skip
def test_the_list_answers_any_parameter(query: str, content_client: FlaskClient) -> None:
    for headers in ({}, HTMX):
        response = content_client.get(f"/tags/?{query}", headers=headers)
        assert response.status_code == 200
        read_html(response.text)
        assert "<script>" not in response.text


# --- A tag's page -------------------------------------------------------------------------------


def dated_works() -> list[Work]:
    return [
        a_work("One", tags=["rust", "code"], date="2020-02-01"),
        a_work("Two", tags=["rust", "code"], date="2020-03-01"),
        a_work("Three", tags=["rust"], date="2023-01-01"),
        a_work("Four", tags=["code"], date="2021-01-01"),
        a_work("Five", tags=["rust", "traits"]),
    ]


def test_the_pieces_of_a_tag_stand_under_their_years_and_a_year_shows_what_it_says(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(*dated_works())

    html = get(client, "/tags/rust/")

    assert years_on(html) == [
        "2023 Only 1 piece from 2023",
        "2020 Only 2 pieces from 2020",
        "Undated",
    ]
    year = next(a for a in find_all(html, "a") if a.text == "Only 2 pieces from 2020")
    assert find(get(client, year["href"]), "p", class_="counted").text.startswith("2 pieces")
    assert years_on(get(client, "/tags/rust/?sort=title")) == []
    assert years_on(get(client, "/?q=one")) == []


def test_a_tag_says_in_which_years_it_was_used_and_first_and_last_when(
    client_of: Callable[..., FlaskClient],
) -> None:
    html = get(client_of(*dated_works()), "/tags/rust/")

    chart = find(html, "ol", class_="bars")
    assert chart["aria-label"] == "3 pieces by year"
    assert chart.text == "2020, 2 pieces 2023, 1 piece"  # 2021 and 2022 have a place, and no piece
    assert "First 1 February 2020, last 1 January 2023" in html


def test_without_two_years_there_is_no_chart(client_of: Callable[..., FlaskClient]) -> None:
    html = get(client_of(a_work(tags=["a"], date="2020-01-01")), "/tags/a/")

    assert not list(find_all(html, "svg"))
    assert "Once, 1 January 2020" in html


def neighbours(html: str) -> list[tuple[str, str]]:
    """Return the tags that go with those of a page: each label, and where both are shown."""
    part = html.partition('id="goes-with"')[2].partition("</section>")[0]
    labels = re.findall(r'class="label">([^<]*)<', part)
    return list(zip(labels, re.findall(r'class="both" href="([^"]*)"', part), strict=True))


def test_tags_that_go_together_say_how_often_and_show_exactly_that(
    content_client: FlaskClient,
) -> None:
    html = get(content_client, "/tags/agents/")

    found = neighbours(html)
    assert found[0] == ("Tool use", "/tags/agents+tool-use/")
    for label, url in found:
        told = re.search(rf'href="{re.escape(url)}" rel="nofollow">([\d,]+) together', html)
        assert told
        counted = find(get(content_client, url), "p", class_="counted").text
        assert counted.startswith(f"{told[1]} piece"), label


def test_related_tags_are_those_of_the_api_in_their_order(content_client: FlaskClient) -> None:
    tags = json.loads(content_client.get("/api/tags").data)["tags"]
    labels = {tag["tag"]: tag["label"] for tag in tags}

    for tag in tags:
        expected = [labels[other["tag"]] for other in tag["related"]]
        assert [
            label for label, _ in neighbours(get(content_client, f"/tags/{tag['tag']}/"))
        ] == expected


def test_two_tags_lead_on_to_three_and_back_to_each(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/agents+tool-use/")

    assert find(html, "h1").text == "Agents + Tool use"
    assert ("Research", "/tags/agents+research+tool-use/") in neighbours(html)
    links = {a["href"] for a in find_all(html, "a")}
    assert {"/tags/agents/", "/tags/tool-use/"} <= links
    three = get(content_client, "/tags/agents+research+tool-use/")
    assert "+" not in "".join(
        a["href"].removeprefix("/tags/agents+research+tool-use/")
        for a in find_all(three, "a", class_="both")
    )


def test_a_tag_says_what_else_it_is_called_but_not_its_own_spellings(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        a_work(tags=["deep-learning"]),
        tags=[Tag("deep-learning", "Deep learning", ("DL", "deep-learning", "DeepLearning"))],
    )

    html = get(client, "/tags/deep-learning/")

    assert re.search(r"<dt>Also known as</dt> <dd>DL</dd>", html)


def test_wider_and_narrower_tags_are_declared_or_seen_and_never_empty(
    client_of: Callable[..., FlaskClient],
) -> None:
    works = [a_work(tags=["code"]) for _ in range(6)]
    works += [a_work(tags=["code", "rust"]) for _ in range(3)] + [a_work(tags=["traits"])]
    tags = [a_tag("code"), a_tag("rust"), Tag("traits", "traits", parents=("rust", "gone"))]
    client = client_of(*works, tags=tags)

    def beside(term: str, url: str) -> list[str]:
        part = re.search(rf"<dt>{term}</dt>(.*?)</div>", get(client, url), re.DOTALL)
        return re.findall(r'href="/tags/([^/]*)/"', part[1]) if part else []

    assert beside("Wider", "/tags/traits/") == ["rust"]
    assert beside("Narrower", "/tags/rust/") == ["traits"]
    assert beside("Wider", "/tags/rust/") == ["code"]
    assert beside("Narrower", "/tags/code/") == ["rust"]


def test_search_on_a_tags_page_is_search_within(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/agents/")

    assert find(html, "input", id="words")["placeholder"] == "Search in Agents"
    assert find(html, "input", name="tag")["value"] == "agents"
    ways = [link.text for link in find_all(html, "a", href="#words")]
    assert ways == ["Skip to the search box", "Search within"]


def test_a_random_piece_is_one_of_the_tags_and_another_each_time(
    content_client: FlaskClient,
) -> None:
    answer = json.loads(content_client.get("/api/search?tag=agents").data)
    addresses = {f"/works/{hit['id']}/" for hit in answer["hits"]}

    responses = [content_client.get("/tags/agents/random/") for _ in range(40)]

    assert {r.status_code for r in responses} == {302}
    assert {r.headers["Cache-Control"] for r in responses} == {"no-store"}
    found = {r.headers["Location"] for r in responses}
    assert found <= addresses and len(found) > 1
    moved = content_client.get("/tags/RL/random/")
    assert (moved.status_code, moved.headers["Location"]) == (
        301, "/tags/reinforcement-learning/random/",
    )  # fmt: skip
    assert content_client.get("/tags/nonsense/random/").status_code == 404


def test_the_feeds_of_a_tag_are_offered_on_its_page(content_client: FlaskClient) -> None:
    html = content_client.get("/tags/agents/", base_url="http://localhost/blog").text

    addresses = {a["href"] for a in find_all(html, "a")}
    assert {"/blog/feed.atom?tag=agents", "/blog/feed.json?tag=agents"} <= addresses


def test_a_piece_with_copies_counts_once_under_the_tags_of_each(
    client_of: Callable[..., FlaskClient],
) -> None:
    piece = work_of(a_document("A", tags=["here"]), a_document("A", tags=["there", "here"]))
    client = client_of(piece)

    assert listed(get(client, "/tags/")) == ["here 1", "there 1"]
    assert "1 together" in get(client, "/tags/there/")


# --- Addresses ---------------------------------------------------------------------------------


def test_more_than_three_tags_became_a_search_without_a_word(content_client: FlaskClient) -> None:
    html = get(content_client, "/tags/agents+reasoning+research+tool-use/", 404)

    assert find(html, "h1").text == "At most 3 tags have a page together"
    search = "/?tag=agents&tag=reasoning&tag=research&tag=tool-use"
    assert find(html, "a", href=search).text == "Search for pieces that have all 4"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("agnets", "/tags/agents/"), ("reasonning", "/tags/reasoning/"), ("pytorhc", "/tags/pytorch/"),
     ("agents+nonsense", "/tags/agents/"), ("reinforcement", "/tags/reinforcement-learning/")],
)  # fmt: skip
def test_an_unknown_tag_leads_to_the_nearest(
    wrong: str, right: str, content_client: FlaskClient
) -> None:
    html = get(content_client, f"/tags/{wrong}/", 404)

    assert right in [a["href"] for a in find_all(html, "a", class_="value")][:3]
    assert any((a.get("href") or "").startswith("/?q=") for a in find_all(html, "a"))


HOSTILE = [
    "%00", "%FF%FE", "%ED%A0%80", "+", "%20", ".", "..%2f", "%F0%9F%90%A2", "a" * 5000,
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%20onmouseover%3D%22x", "a+b+c+d+e",
    "+".join("ab" * 900), "agents+%00", "agents+%F0%9F%90%A2", "%E2%80%AE%E2%80%8B", "%25",
    "agents%2Breasoning", "'",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_of_a_tag_breaks_a_page(name: str, content_client: FlaskClient) -> None:
    for url in (f"/tags/{name}/", f"/tags/{name}/random/", f"/api/suggest?q={name}"):
        response = content_client.get(url)
        assert response.status_code in (200, 301, 302, 308, 404), url
        if response.mimetype == "text/html" and response.status_code in (200, 404):
            elements = read_html(response.text)
            assert "alert(1)" not in [e.text for e in elements if e.tag == "script"]
            assert not [e for e in elements if "onmouseover" in e.attributes]
            assert len(response.data) < 20_000


def test_markup_in_the_name_of_a_tag_is_shown_as_text_everywhere(tmp_path: Path) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    content = write_files(
        tmp_path / "content",
        {"a.md": f"---\ntitle: A\ndate: 2020-01-01\ntags: ['{nasty}', 'plain', '\"><b>']\n---\n",
         "b.md": f"---\ntitle: B\ndate: 2022-01-01\ntags: ['{nasty}', 'plain']\n---\n"},
    )  # fmt: skip
    build(content, tmp_path / "index")
    client = create_app(tmp_path / "index").test_client()

    for url in ("/tags/", "/tags/?sort=title", "/tags/?q=img", "/tags/map/", "/tags/plain/",
                "/tags/img-src-x-onerror-alert-1/"):  # fmt: skip
        html = get(client, url)
        assert not list(find_all(html, "img")) and not list(find_all(html, "b"))
        assert "onerror" in html


# --- JSON --------------------------------------------------------------------------------------


def test_suggestions_complete_tags_by_any_name_and_pieces_by_their_words(
    content_client: FlaskClient,
) -> None:
    found = suggest(content_client, "rl")

    assert found.keys() == {"pieces", "tags"}
    assert found["tags"][0] == {
        "tag": "reinforcement-learning", "label": "Reinforcement learning", "count": 10,
    }  # fmt: skip
    assert found["pieces"] and all(p.keys() == {"id", "title", "url"} for p in found["pieces"])
    assert suggest(content_client, "") == {"pieces": [], "tags": []}
    assert suggest(content_client, "zzzz") == {"pieces": [], "tags": []}


def test_counts_of_tags_are_those_of_choosing_them(content_client: FlaskClient) -> None:
    for tag in json.loads(content_client.get("/api/tags").data)["tags"]:
        answer = json.loads(content_client.get(f"/api/search?tag={tag['tag']}&limit=1").data)
        assert answer["total"] == tag["count"]
        assert {t["tag"]: t["count"] for t in suggest(content_client, tag["label"])["tags"]}[
            tag["tag"]
        ] == tag["count"]


def test_each_tag_knows_its_first_and_latest_use(index_of: Callable[..., Index]) -> None:
    index = index_of(*dated_works(), a_work(tags=["undated"]))

    spans = {tag.slug: (tag.first, tag.last) for tag in index.tags()}

    assert spans == {
        "rust": ("2020-02-01", "2023-01-01"), "code": ("2020-02-01", "2021-01-01"),
        "traits": (None, None), "undated": (None, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("sort=zzz", "There is no order “zzz”; the usual one is shown."),
        ("page=999", "There is no page 999; page 1 is the last."),
        ("page=x", "There is no page “x”; the first one is shown."),
        ("page=0", "There is no page “0”; the first one is shown."),
        ("sort=title&letter=ZZ", "No tag stands under “ZZ”; the first letter is shown."),
        ("letter=A", "Only by name do tags stand under letters; “A” was left out."),
    ],
)
def test_the_list_of_tags_fell_back_in_silence(
    content_client: FlaskClient, query: str, told: str
) -> None:
    notes = find_all(get(content_client, f"/tags/?{query}"), "p", class_="note")

    assert [note.text for note in notes] == [told]


def test_a_tag_in_the_address_by_its_alias_stayed_so_in_links_and_form(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        a_work(tags=["reinforcement-learning"]),
        tags=[Tag("reinforcement-learning", "Reinforcement learning", ("RL",))],
    )
    html = get(client, "/?q=a&tag=RL&not.tag=rl")

    hidden = {e["name"]: e["value"] for e in find_all(html, "input", type="hidden")}
    assert hidden["tag"] == hidden["not.tag"] == "reinforcement-learning"
    assert "tag=rl" not in html.lower()


def test_a_name_that_differs_in_case_alone_was_told_as_another_one(
    client_of: Callable[..., FlaskClient],
) -> None:
    client = client_of(
        a_work(tags=["rivers"]), tags=[Tag("rivers", "rivers", ("Rivers", "RI-vers", "Streams"))]
    )

    assert listed(get(client, "/tags/?q=Rivers")) == ["rivers 1"]
    assert listed(get(client, "/tags/?q=stream")) == ["rivers Streams 1"]
    aliases = find_all(get(client, "/tags/?sort=title"), "span", class_="alias")
    assert [alias.text for alias in aliases] == ["Streams, see rivers"]
    assert "Ri-vers" not in get(client, "/tags/rivers/")
    assert suggest(client, "Rivers")["tags"]
