"""What is typed: words that stand in the posts, so that there is always something to find.

Each function yields questions, none twice: what is measured must be new to all. They end where
the posts have no more of them.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from benchmarks.corpus import Corpus
from benchmarks.peers import Question
from searchapp.engine.analysis import cut_into_words
from searchapp.fields import FACET

COMMON = 0.02  # of the posts have a common word
TRIES = 2_000  # in vain, then a kind of question is given up: a small corpus has but few

Questions = Callable[[Corpus, random.Random], Iterator[Question]]


def type_word_and_prefix(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
    """Yield a word of some post and the first 2 or 3 letters of another: `router com`.

    A word comes as often as it stands in the posts, so most are common ones.
    """
    asked = set()
    for word, other in _words_of_posts(corpus, chance, count=2, seen=asked):
        start = other[: chance.randint(2, 3)]
        if (word, start) not in asked and means_the_same(corpus, start):
            asked.add((word, start))
            yield Question(f"{word} {start}", (corpus.stems(word),), start)


def ask_three_words(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
    """Yield three words of some post, finished: `router expert load `."""
    asked = set()
    for words in map(tuple, _words_of_posts(corpus, chance, count=3, seen=asked)):
        if words not in asked:
            asked.add(words)
            yield Question(" ".join(words) + " ", tuple(map(corpus.stems, words)))


def ask_for_snippets(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
    """Yield two common words of some post, which many have; for the snippets of the best alone."""
    common = _common_words(corpus, 2 * COMMON)
    asked = set()
    for words in _words_of_posts(corpus, chance, count=8, seen=asked):
        pair = tuple([word for word in words if word in common][:2])
        if len(pair) == 2 and pair not in asked:
            asked.add(pair)
            terms = tuple(map(corpus.stems, pair))
            yield Question(" ".join(pair) + " ", terms, facets=False, snippets=True, alone=True)


def ask_common_word(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
    """Yield words that many posts have, none twice, for the best pieces alone."""
    words = sorted(_common_words(corpus, COMMON))
    chance.shuffle(words)
    for word in words:
        yield Question(f"{word} ", (corpus.stems(word),), facets=False)


def _common_words(corpus: Corpus, share: float) -> set[str]:
    """Return the words of three letters and more that such a share of the posts has."""
    having = Counter(term for texts in corpus.analysis.fields for term in _terms_of(texts))
    least = share * len(corpus)
    return {
        word
        for word in corpus.analysis.words
        if len(word) > 2 and any(having[term] >= least for term in corpus.stems(word))
    }


def _terms_of(texts: dict[str, str]) -> set[str]:
    return {term for text in texts.values() for term in text.split()}


def choose_in_three_facets(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
    """Yield a word with values chosen in three facets, as some post has them."""
    asked = set()
    for (word,) in _words_of_posts(corpus, chance, count=1, seen=asked):
        post = chance.choice(corpus.works)
        other = chance.choice(corpus.works)
        filters = tuple(
            (name, tuple(sorted({*FACET[name].values(post), *FACET[name].values(other)})))
            for name in ("source", "kind", "year")
        )
        if (word, filters) not in asked and all(values for _, values in filters):
            asked.add((word, filters))
            yield Question(f"{word} ", (corpus.stems(word),), filters=filters)


def with_snippets(questions: Questions) -> Questions:
    """Return what yields the same questions, for pages that show snippets of the best pieces."""

    def ask(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
        return (replace(question, snippets=True) for question in questions(corpus, chance))

    return ask


def _words_of_posts(
    corpus: Corpus, chance: random.Random, count: int, seen: Collection[object]
) -> Iterator[list[str]]:
    """Yield different words of four letters and more that stand in one post, at random.

    Ends after many that did not add to what was `seen`.
    """
    known, vain = len(seen), 0
    while vain < TRIES:
        vain = vain + 1 if len(seen) == known else 0
        known = len(seen)
        post = chance.choice(corpus.works).canonical
        words = [w for w in cut_into_words(f"{post.title} {post.text}") if len(w) > 3]
        found = list(dict.fromkeys(chance.sample(words, min(count, len(words)))))
        if len(found) == count:
            yield found


def means_the_same(corpus: Corpus, start: str) -> bool:
    """Whether a prefix means the same terms for us and for those who know terms alone.

    We look it up among words as they are written: `dyi` finds "dying", whose term "die"
    does not begin so. Such prefixes are not asked, as totals must be comparable.
    """
    whole = corpus.known_stems(start)
    return all(term.startswith(start) for term in whole) and all(
        term.startswith(start) == any(word.startswith(start) for word in words)
        for term, words in corpus.strays.items()
    )
