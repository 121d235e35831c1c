"""What was accepted in silence: languages that are none, one name and one file for two sources."""

from pathlib import Path

import pytest
from builders import write_files

from searchapp import SearchappError
from searchapp.languages import LANGUAGES, code_meant, is_code
from searchapp.sources import Reading, read_all, read_configuration
from searchapp.sources.site_files import language_of


def source(name: str, kind: str, path: str, more: str = "") -> str:
    return f'[[source]]\nname = "{name}"\nkind = "{kind}"\npath = "{path}"\n{more}\n'


def read(folder: Path, sources: str, **files: str) -> list[Reading]:
    write_files(folder, {"sources.toml": sources, "posts/a.md": "# A", **files})
    return read_all(read_configuration(folder), folder)


# --- languages ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("english", "en"), ("English", "en"), ("engish", "en"), ("eng", "en"), ("Deutsch", "de"),
        ("ger", "de"), ("jp", "ja"), ("cz", "cs"), ("français", "fr"), ("日本語", "ja"),
        ("english-us", "en-US"), ("de_DE.UTF-8", "de-DE"), ("klingon", None), ("C", None),
    ],
)  # fmt: skip
def test_a_language_that_is_no_code_is_led_to_the_nearest_that_is(
    said: str, code: str | None
) -> None:
    assert not is_code(said)
    assert code_meant(said) == code


@pytest.mark.parametrize("code", [*LANGUAGES, "pt-BR", "zh-Hant-TW", "en_GB", "tlh", "gsw", "xx"])
def test_a_code_is_one_though_we_know_no_name_for_it(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        pytest.param(
            '[site]\nlanguage = "english"\n', ":2: language is 'english', which is no code of one; "
            "did you mean 'en'?", id="of the site",
        ),
        pytest.param(
            source("blog", "markdown", "posts", 'language = "jp"'), ":5: language is 'jp', which "
            "is no code of one; did you mean 'ja'?", id="of a source",
        ),
        pytest.param(
            source("blog", "markdown", "posts", 'language = "klingon"'),
            ":5: language is 'klingon', which is no code of one; write its code, as en or pt-BR",
            id="nothing near",
        ),
    ],
)  # fmt: skip
def test_a_language_in_words_was_accepted_in_silence(
    tmp_path: Path, sources: str, told: str
) -> None:
    with pytest.raises(SearchappError) as refused:
        read(tmp_path, sources)

    assert str(refused.value) == f"{tmp_path}/sources.toml{told}"


def test_a_posts_language_in_words_is_told_and_read_as_it_was_meant(tmp_path: Path) -> None:
    post = "---\ntitle: A\nlanguage: Deutsch\n---\nText."

    (reading,) = read(tmp_path, source("blog", "markdown", "posts"), **{"posts/a.md": post})

    assert [d.language for d in reading.documents] == ["de"]
    assert [(f.line, f.reason) for f in reading.warnings] == [
        (3, "language is 'Deutsch'; write it as de")
    ]


def test_init_reads_the_language_of_a_site_in_words() -> None:
    assert [language_of(said) for said in ("english", "de_DE", "klingon", 3)] == [
        "en", "de-DE", None, None,
    ]  # fmt: skip


# --- kinds, names and files -------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("rss", "did you mean 'feed'?"),
        ("csv", "did you mean 'list'?"),
        ("md", "did you mean 'markdown'?"),
        ("hugo", "did you mean kind = 'markdown' and generator = 'hugo'?"),
        ("quipu", "known are markdown, html, links, list, feed, jsonl"),
    ],
)
def test_a_kind_that_is_the_name_of_something_else_is_led_to_the_one_that_reads_it(
    tmp_path: Path, kind: str, told: str
) -> None:
    with pytest.raises(SearchappError) as refused:
        read(tmp_path, source("blog", kind, "posts"))

    assert str(refused.value).endswith(f":3: kind is '{kind}', which is none; {told}")


def test_two_sources_whose_names_differ_in_capitals_were_accepted(tmp_path: Path) -> None:
    sources = source("blog", "markdown", "posts") + source("Blog", "links", "posts")

    with pytest.raises(SearchappError, match="name 'Blog' is 'blog' but for its capitals"):
        read(tmp_path, sources)


@pytest.mark.parametrize("path", ["posts", "./posts/", "posts/a.md"])
def test_one_path_under_two_sources_was_not_told(tmp_path: Path, path: str) -> None:
    sources = source("blog", "markdown", "posts") + source("again", "markdown", path)

    first, second = read(tmp_path, sources)

    assert first.warnings == ()
    (warning,) = second.warnings
    assert (warning.path, warning.line) == ("sources.toml", 6)
    assert "'again' reads the file posts/a.md, which 'blog' reads too" in warning.reason


def test_a_page_read_as_a_post_and_as_links_is_no_overlap(tmp_path: Path) -> None:
    sources = source("blog", "markdown", "posts") + source("links", "links", "posts")
    sources += source("rest", "markdown", ".", 'exclude = ["posts"]')

    readings = read(
        tmp_path, sources, **{"posts/a.md": "# A\n\n- [B](https://b.example/)", "c.md": "# C"}
    )

    assert [reading.warnings for reading in readings] == [(), (), ()]
