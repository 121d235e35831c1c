"""What `searchapp init` reads of a site's own configuration."""

from pathlib import Path
from typing import Any

import pytest
from builders import write_files
from test_init import PLAIN, read

from searchapp.errors import ContentError
from searchapp.sources.init import initialise
from searchapp.sources.site_files import read_table
from searchapp.sources.sites import read_site
from searchapp.sources.sites_of_pelican import read_assignments

# --- A site's own configuration -------------------------------------------------------


def test_python_is_read_and_never_run(tmp_path: Path) -> None:
    source = (
        "import os\nos.mkdir('made')\nA = 'a'\nB = A + 'b'\nC = ['c', 1]\nif True:\n    A = 'd'\n"
        "D, E = 1, 2\nF = __import__('os').mkdir('made')\n"
    )

    assert read_assignments(source) == {"A": "a", "C": ["c", 1]}
    assert not Path("made").exists()


@pytest.mark.parametrize("source", ["x = (", "(" * 10_000, "a\0b", "-" * 100_000 + "1"])
def test_python_that_cannot_be_read_is_said_to_be_so(source: str) -> None:
    with pytest.raises(ContentError, match="is not Python that can be read"):
        read_assignments(source)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "title: [\n"),
        ("_config.yml", "a: &x 1\nb: *x\n"),
        ("_config.yml", "a: " + "[" * 30_000),
        ("_config.toml", "title = \n"),
        ("hugo.json", "[" * 100_000),
    ],
)
def test_a_configuration_that_cannot_be_read_is_a_note_and_no_end(
    tmp_path: Path, name: str, text: str
) -> None:
    write_files(tmp_path, {name: text, "_posts/2024-01-02-a.md": PLAIN, "content/b/c.md": PLAIN})
    with pytest.raises(ContentError):
        read_table(tmp_path / name)

    done = initialise(tmp_path)

    assert any(note.startswith(f"{name}: ") for note in done.notes)
    assert sum(len(reading.documents) for reading in read(tmp_path)) == 1


@pytest.mark.parametrize(
    ("generator", "files", "expected"),
    [
        pytest.param(
            "jekyll",
            {"_config.yml": "title: A\nurl: http://localhost:4\nauthor: {name: B}\nlocale: en_US"},
            {"title": "A", "url": None, "author": "B", "language": "en-US"},
            id="an address of this machine is none",
        ),
        pytest.param(
            "jekyll",
            {"_config.yml": "permalink: /:hour/:title/"},
            {
                "permalinks": {},
                "notes": ("permalink /:hour/:title/ has :hour, which is not known; write one "
                          "yourself",),
            },
            id="a part that we do not know",
        ),
        pytest.param(
            "hugo",
            {"config/_default/hugo.yaml": "baseURL: https://a.example/\ntitle: A\nuglyURLs: true"},
            {"url": "https://a.example/", "title": "A",
             "permalinks": {"": "/:sections/:slugorfilename.html"}},
            id="Hugo's folder of configurations",
        ),
        pytest.param(
            "hugo",
            {"hugo.toml": "[permalinks.page]\nposts = '/:sections[1:]/:title/'"},
            {"permalinks": {"posts": "/:sections[1:]/:title/"}},
            id="Hugo's patterns by kind",
        ),
        pytest.param(
            "zola",
            {"config.toml": "base_url = 'https://a.example'\n[slugify]\npaths = 'off'"},
            {"url": "https://a.example", "permalinks": {"": "/:sections/:title/"}},
            id="Zola without slugs",
        ),
        pytest.param(
            "pelican",
            {"pelicanconf.py": "SITEURL = ''\nARTICLE_URL = '{category}/{date:%y-%j}/{slug}.html'\n"
                               "ARTICLE_PATHS = ['blog', 'notes']"},
            {"url": None, "permalinks": {"": "/:category/:short_year-:y_day/:slug.html"},
             "folders": ("content/blog", "content/notes")},
            id="Pelican's fields",
        ),
        pytest.param(
            "pelican",
            {"pelicanconf.py": "SLUGIFY_SOURCE = 'basename'"},
            {"permalinks": {"": "/:slugorfilename.html"}},
            id="Pelican's slugs by file",
        ),
        pytest.param(
            "eleventy",
            {".eleventy.js": "module.exports = c => ({ dir: { input: './src' } });",
             "_data/metadata.js": "export default { title: 'A', url: 'https://a.example', "
                                  "author: { name: 'B' } }"},
            {"title": "A", "url": "https://a.example", "author": "B", "folders": ("src",)},
            id="Eleventy in JavaScript",
        ),
    ],
)  # fmt: skip
def test_what_the_site_says_of_itself(
    tmp_path: Path, generator: str, files: dict[str, str], expected: dict[str, Any]
) -> None:
    site = read_site(generator, write_files(tmp_path, files))

    assert {key: getattr(site, key) for key in expected} == expected
