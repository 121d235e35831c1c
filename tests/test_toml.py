"""What is no TOML: it was told as “mend it”, without the place, the words or what was meant."""

import tomllib

import pytest
from builders import write_files

from searchapp import SearchappError
from searchapp.sources import read_configuration
from searchapp.toml import explain

MISTAKES = [
    ("a quote left open", 'title = "a', 'write title = "a"'),
    ("a quote of the other kind", "title = 'a\"", 'write title = "a"'),
    ("an apostrophe", "title = 'It's me'", """write title = "It's me\""""),
    ("quotes within quotes", 'title = "It"s"', """write title = 'It"s'"""),
    ("curly quotes", "kind = “feed”", 'write kind = "feed"'),
    ("no quotes", "kind = feed", 'write kind = "feed"'),
    ("no quotes, a note", "kind = feed # mine", 'write kind = "feed" # mine'),
    ("an address", "url = https://a.example", 'write url = "https://a.example"'),
    ("a colon", 'kind: "feed"', 'write kind = "feed"'),
    ("no sign", 'kind "feed"', 'write kind = "feed"'),
    ("a comma", 'kind = "feed",', 'write kind = "feed"'),
    ("a note of C", 'kind = "feed" // mine', 'write kind = "feed"'),
    ("a path of Windows", r'path = "C:\posts\x"', r"write path = 'C:\posts\x'"),
    ("a word of Python", "dedup = False", "write dedup = false"),
    ("a list left open", 'exclude = ["a", "b"', 'write exclude = ["a", "b"]'),
    ("a list of bare words", "exclude = [a, b]", 'write exclude = ["a", "b"]'),
    ("a header left open", "[[source]", "write [[source]]"),
    ("a header half", "[source]]", "write [[source]]"),
    ("a key twice", "a = 1\na = 2", "the key stands twice; leave one of them"),
    ("a table twice", "[a]\n[a]", "the table stands twice; join the two"),
    ("nothing to be guessed", "a b c", "mend it"),
    ("no such day", "date = 2024-13-01", "mend it"),
    ("a stranger's line without end", "a = " + "[" * 60_000, "mend it"),
]


@pytest.mark.parametrize(("text", "remedy"), [pytest.param(*c[1:], id=c[0]) for c in MISTAKES])
def test_a_slip_in_toml_was_not_told_with_what_was_meant(text: str, remedy: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text[:400])

    _, problem, told = explain(text, error.value)

    assert told == remedy
    assert len(problem) < 160
    if told.startswith("write "):
        assert tomllib.loads(told.removeprefix("write ")) is not None


def test_a_broken_quote_was_told_without_its_column_and_words(tmp_path) -> None:
    text = '[[source]]\nname = "blog"\nkind = "markdown\npath = "posts"\n'
    write_files(tmp_path, {"sources.toml": text, "posts/a.md": "A"})

    with pytest.raises(SearchappError) as refused:
        read_configuration(tmp_path)

    assert str(refused.value) == (
        f"{tmp_path}/sources.toml:3: is not TOML: the line ends within a text, column 17 of "
        '\'kind = "markdown\'; write kind = "markdown"'
    )
