"""One build after another, each after edits of every kind: what is published is what a full one is.

Unlike `test_incremental`, which draws works, these go the whole way from files, with enough posts
that nearly all of each generation is taken over from the one before.
"""

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from builders import write_files
from test_incremental import assert_same

from searchapp.build import build
from searchapp.engine.generations import newest_good
from searchapp.errors import KeptTextError
from searchapp.sources import Cache, read_configuration, read_everything

SOURCES = """
[[source]]
name = "blog"
kind = "markdown"
path = "posts"
url = "https://a.example"
[[source]]
name = "copies"
kind = "markdown"
path = "copies"
"""
WORDS = [
    "wind", "kite", "string", "running", "runs", "lamp", "lantern", "night", "walks", "river",
    "rivers", "boat", "boats", "gehen", "gegangen", "Drachen", "chats", "chat", "marcher", "c++",
    "gpt4", "don't", "model", "models", "cafés", "naïve", "風", "東京",
]  # fmt: skip
TAGS = ["rl", "RL", "night walks", "C++", "kites", "Kites"]
LANGUAGES = ["en", "en", "en", "de", "fr", "tlh"]


class Blog:
    """A folder of posts that edits itself, each time in the same way for one seed."""

    def __init__(self, folder: Path, seed: int, posts: int) -> None:
        self.folder, self.random = folder, random.Random(seed)  # no secret
        write_files(folder, {"sources.toml": SOURCES})
        self.verdicts: list[str] = []
        (folder / "copies").mkdir()
        self.names = [f"posts/{n}.md" for n in range(posts)]
        for name in self.names:
            write_files(folder, {name: self.post()})

    def post(self) -> str:
        """Return a new post."""
        some = self.random
        text = " ".join(some.choices(WORDS, k=some.choice([3, 30, 120])))
        return (
            f"---\ntitle: {' '.join(some.choices(WORDS, k=2))!r}\n"
            f"date: 20{some.randint(10, 24)}-0{some.randint(1, 9)}-01\n"
            f"tags: {some.sample(TAGS, some.randint(0, 3))!r}\n"
            f"language: {some.choice(LANGUAGES)}\n---\n## On {some.choice(WORDS)}\n\n{text}\n"
        )

    def edit(self) -> None:
        """Make one edit, or a few at once."""
        for _ in range(self.random.choice([1, 1, 3])):
            self.random.choice([self.add_words, self.write_anew, self.remove, self.add, self.copy,
                                self.decide, self.take_back])()  # fmt: skip

    def some_post(self) -> Path:
        return self.folder / self.random.choice(self.names)

    def add_words(self) -> None:
        path, news = self.some_post(), f"quagga{self.random.randrange(99)} lantern"
        path.write_text(f"{path.read_text('utf-8')}\n{news} {self.random.choice(WORDS)}\n", "utf-8")

    def write_anew(self) -> None:
        self.some_post().write_text(self.post(), "utf-8")

    def remove(self) -> None:
        name = self.random.choice(self.names)
        self.names.remove(name)
        (self.folder / name).unlink()

    def add(self) -> None:
        name = f"posts/new-{self.random.randrange(10**6)}.md"
        self.names.append(name)
        write_files(self.folder, {name: self.post()})

    def copy(self) -> None:
        """Publish one post elsewhere too: it is joined."""
        path = self.some_post()
        name = f"copies/{self.random.randrange(10**6)}.md"
        self.names.append(name)
        write_files(self.folder, {name: path.read_text("utf-8")})

    def decide(self) -> None:
        """Say that two posts, in any languages, are one piece."""
        a, b = self.random.sample([n for n in self.names if n.startswith("posts/")], 2)
        self.verdicts = [f'["blog:{a[6:]}", "blog:{b[6:]}"]']
        self._write_verdicts()

    def take_back(self) -> None:
        """Say no more that they are: the piece is split."""
        self.verdicts = []
        self._write_verdicts()

    def _write_verdicts(self) -> None:
        write_files(self.folder, {"verdicts.toml": f"same = [{', '.join(self.verdicts)}]\n"})


@pytest.mark.parametrize("seed", range(3))
def test_steps_of_every_kind_lead_to_what_a_full_build_publishes(seed: int, tmp_path: Path) -> None:
    blog = Blog(tmp_path / "content", seed, posts=40)
    build(blog.folder, tmp_path / "steps")
    for _ in range(4):
        blog.edit()
        build(blog.folder, tmp_path / "steps", force=True)
    build(blog.folder, tmp_path / "whole", full=True)

    assert_same(newest_good(tmp_path / "steps"), newest_good(tmp_path / "whole"))


# --- What is long of a document ---------------------------------------------------------------


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """A few posts, of which `steps` is an index."""
    blog = Blog(tmp_path / "content", 7, posts=5)
    build(blog.folder, tmp_path / "steps")
    return blog


def test_a_document_whose_text_is_read_late_is_the_one_that_was_read(
    blog: Blog, tmp_path: Path
) -> None:
    configuration = read_configuration(blog.folder)
    whole = read_everything(configuration, blog.folder)
    with closing(Cache(tmp_path / "steps" / "cache", late=True)) as cache:
        late = read_everything(configuration, blog.folder, cache=cache)
        documents = [d for reading in late.readings for d in reading.documents]

        assert cache.documents_read == 0
        assert [d.length for d in documents] == [len(d.text) for d in documents]
        assert late == whole
        assert replace(documents[0], title="Other").text == documents[0].text


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param("DELETE FROM texts", id="gone"),
        pytest.param("UPDATE texts SET texts = replace(texts, 'On ', 'Of ')", id="other words"),
        pytest.param("UPDATE texts SET texts = '[]'", id="nothing in it"),
        pytest.param("UPDATE texts SET texts = NULL", id="no text"),
        pytest.param("DROP TABLE texts", id="no table"),
    ],
)
def test_a_text_that_is_lost_where_it_was_kept_only_costs_reading_again(
    blog: Blog, tmp_path: Path, harm: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "steps" / "cache" / "documents.sqlite")) as rows:
        rows.execute(harm)
        rows.commit()
    blog.add_words()
    report = build(blog.folder, tmp_path / "steps")
    build(blog.folder, tmp_path / "whole", full=True)

    assert report.changed
    assert_same(newest_good(tmp_path / "steps"), newest_good(tmp_path / "whole"))
    assert not list((tmp_path / "steps").glob("*.tmp"))


def test_the_text_of_one_file_is_not_taken_for_that_of_another(blog: Blog, tmp_path: Path) -> None:
    configuration = read_configuration(blog.folder)
    with closing(sqlite3.connect(tmp_path / "steps" / "cache" / "documents.sqlite")) as rows:
        (kept,) = rows.execute("SELECT seal, texts FROM texts WHERE name = 'blog:1.md'")
        rows.execute("UPDATE texts SET seal = ?, texts = ? WHERE name = 'blog:2.md'", kept)
        rows.commit()
    with closing(Cache(tmp_path / "steps" / "cache", late=True)) as cache:
        late = read_everything(configuration, blog.folder, cache=cache)
        documents = late.readings[0].documents

        with pytest.raises(KeptTextError):
            documents[2].text  # noqa: B018  # reading it is the point
        assert documents[1].text
