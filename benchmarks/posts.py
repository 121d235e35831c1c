"""Posts by the thousand: the sentences, tags and sources of content/, and a long tail of ours.

content/ --read--> Material --seeded--> Corpus, always the same

A blog of 10,000 posts has far more different words and tags than one of 59, and they decide
what a prefix and a facet cost. So words and tags are drawn by Zipf's law (as Mandelbrot wrote
it) from content/'s own, in the order of their frequency, which invented ones continue: both
then grow with the posts as they do on a real blog.
"""

import datetime as dt
import itertools
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.corpus import Corpus
from searchapp.documents import Document, Place, Role, Tag, Work
from searchapp.engine.analysis import cut_into_words
from searchapp.slugs import slug_of_tag, slug_of_title
from searchapp.sources import read_all, read_configuration

VOCABULARY = 150_000  # invented words to draw from
TAGS = 6_000  # invented tags to draw from
ZIPF_OF_WORDS = (1.35, 10.0)  # exponent and shift: 48,000 words in a million, as in English
ZIPF_OF_TAGS = (1.0, 3.0)
FROM_CONTENT = 0.12  # of the sentences; more would make every word of content/ a common one
LENGTH = (180, 0.6)  # words of a post: median, as in content/, and sigma of their log-normal law
WORDS_A_MINUTE = 200
LANGUAGES = {"en": 0.94, "de": 0.04, "fr": 0.02}
TAGS_OF_A_POST = {0: 3, 2: 10, 3: 22, 4: 25, 5: 20, 6: 10, 7: 6, 10: 4}
FIRST_DAY, LAST_DAY = dt.date(2009, 1, 1), dt.date(2025, 12, 31)
UNDATED = 0.03
COPIED = 0.2  # of the posts stand in a second place

Law = Sequence[float]  # the weight of each rank, added to that of all before it
Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Material:
    """What content/ gives; `words` and `tags` with the most frequent first."""

    sentences: tuple[str, ...]
    words: tuple[str, ...]
    tags: tuple[str, ...]
    sources: Mapping[str, float]
    kinds: Mapping[str, float]


def read_material(content: Path) -> Material:
    """Read the folder `content` as its sources.toml says."""
    readings = read_all(read_configuration(content), content)
    documents = [document for reading in readings for document in reading.documents]
    sentences = tuple(s for document in documents for s in _find_sentences(document.text))
    return Material(
        sentences=sentences,
        words=_by_frequency(word for sentence in sentences for word in cut_into_words(sentence)),
        tags=_by_frequency(tag for document in documents for tag in document.tags),
        sources=Counter(document.published_in for document in documents),
        kinds=Counter(document.kind for document in documents),
    )


def _by_frequency(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in Counter(found).most_common())


def _find_sentences(text: str) -> list[str]:
    """Return the sentences of prose in `text`; formulas, headings and tables are left out."""
    found = re.findall(r"[A-Z][^.!?$\n]{30,}[.!?](?=\s|$)", text)
    return [sentence for sentence in found if "\\" not in sentence]


def make_corpus(material: Material, count: int, seed: int) -> Corpus:
    """Make `count` posts, each its own work; the same arguments give the same ones."""
    author = _Author(material, seed)
    works = tuple(author.write(number) for number in range(count))
    tags = tuple(Tag(slug, label) for slug, label in author.labels.items())
    return Corpus(works, tags).first(count)


class _Author:
    """Writes one post after the other."""

    def __init__(self, material: Material, seed: int) -> None:
        self.material = material
        self.random = random.Random(seed)
        invented = _invent_words(material.words, VOCABULARY, self.random)
        names = [*material.tags, *_invent_tags(invented, TAGS, self.random)]
        self.labels = {slug_of_tag(name): name for name in reversed(names)}
        self.slugs = [slug_of_tag(name) for name in names]
        self.tag_law = _zipf(len(names), *ZIPF_OF_TAGS)
        own, *others = LANGUAGES
        self.vocabularies = {own: [*material.words, *invented]}
        for language in others:  # the invented words again, others of them being the common ones
            self.vocabularies[language] = self.random.sample(invented, len(invented))
        self.word_laws = {
            language: _zipf(len(words), *ZIPF_OF_WORDS)
            for language, words in self.vocabularies.items()
        }
        self.own = own

    def write(self, number: int) -> Work:
        """Return the post of that number as a work."""
        language = self._one_of(LANGUAGES)
        length = max(40, int(self.random.lognormvariate(math.log(LENGTH[0]), LENGTH[1])))
        tags = self._draw_tags(int(self._one_of(TAGS_OF_A_POST)))
        document = Document(
            id=f"posts:{number:06}.md",
            title=" ".join(self._draw_words(language, self.random.randint(3, 9))).capitalize(),
            source="posts",
            site="Posts",
            path=f"posts/{number:06}.md",
            date=self._draw_date(),
            tags=tags,
            summary=_as_sentence(self._draw_words(language, self.random.randint(12, 25))),
            text=self._write_text(language, length),
            kind=self._one_of(self.material.kinds),
            language=language,
            minutes=math.ceil(length / WORDS_A_MINUTE),
        )
        names = tuple(self.labels[tag] for tag in tags)
        return Work((document,), tags, names, tuple(self._place(document, number)))

    def _place(self, document: Document, number: int) -> Iterator[Place]:
        """Yield where a post stands: on one site, or on two."""
        count = 2 if self.random.random() < COPIED else 1
        sites = dict.fromkeys(self._one_of(self.material.sources) for _ in range(count))
        for i, site in enumerate(sites):
            address = f"https://{slug_of_title(site)}.example/{number}/"
            role: Role = "copy" if i else "original"
            yield Place(address, site, document.title, document.date, role)

    def _write_text(self, language: str, length: int) -> str:
        """Return paragraphs of about `length` words; some sentences are those of content/."""
        words, at, sentences = self._draw_words(language, length), 0, list[str]()
        while at < len(words):
            if language == self.own and self.random.random() < FROM_CONTENT:
                sentences.append(self.random.choice(self.material.sentences))
                at += sentences[-1].count(" ") + 1
            else:
                end = at + self.random.randint(7, 22)
                sentences.append(_as_sentence(words[at:end]))
                at = end
        paragraphs = (sentences[i : i + 5] for i in range(0, len(sentences), 5))
        return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)

    def _draw_words(self, language: str, count: int) -> list[str]:
        law = self.word_laws[language]
        return self.random.choices(self.vocabularies[language], cum_weights=law, k=count)

    def _draw_tags(self, count: int) -> tuple[str, ...]:
        drawn = self.random.choices(self.slugs, cum_weights=self.tag_law, k=count)
        return tuple(sorted(set(drawn)))

    def _draw_date(self) -> dt.date | None:
        """Return a day, the later years having more; None for some."""
        if self.random.random() < UNDATED:
            return None
        days = (LAST_DAY - FIRST_DAY).days
        return FIRST_DAY + dt.timedelta(days=int(days * math.sqrt(self.random.random())))

    def _one_of(self, weights: Mapping[Drawn, float]) -> Drawn:
        return self.random.choices(list(weights), list(weights.values()))[0]


def _as_sentence(words: Sequence[str]) -> str:
    return " ".join(words).capitalize() + "."


def _zipf(count: int, exponent: float, shift: float) -> Law:
    """Return the Zipf-Mandelbrot law of the first `count` ranks, cumulative."""
    return list(itertools.accumulate((rank + shift) ** -exponent for rank in range(1, count + 1)))


def _invent_words(known: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Return `count` words: the beginning of one of the `known`, the end of another.

    So prefixes and stems are as full as in the language that they come from.
    """
    spelled = [word for word in known if word.isalpha() and len(word) > 3]
    heads, tails = zip(*(_halve(word) for word in spelled), strict=True)
    invented: dict[str, None] = {}
    while len(invented) < count:
        pairs = zip(chance.choices(heads, k=count), chance.choices(tails, k=count), strict=True)
        invented |= dict.fromkeys(map("".join, pairs))
        for word in spelled:
            invented.pop(word, None)
    return list(invented)[:count]


def _halve(word: str) -> tuple[str, str]:
    middle = (len(word) + 1) // 2
    return word[:middle], word[middle:]


def _invent_tags(words: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """Return different tags of one or two of `words`."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[" ".join(chance.sample(words, chance.randint(1, 2)))] = None
    return list(names)
