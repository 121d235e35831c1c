"""What is typed: words that stand in the posts, so that there is always something to find.

Each function yields questions without end, none twice: what is measured must be new to all.
"""

import random
from collections.abc import Iterator

from benchmarks.corpus import Corpus
from benchmarks.peers import Question
from searchapp.engine.analysis import cut_into_words


def type_word_and_prefix(corpus: Corpus, chance: random.Random) -> Iterator[Question]:
    """Yield a word of some post and the first 2 or 3 letters of another: `router com`.

    A word comes as often as it stands in the posts, so most are common ones.
    """
    asked = set()
    while True:
        word, other = _words_of_a_post(corpus, chance, count=2)
        start = other[: chance.randint(2, 3)]
        if (word, start) not in asked and means_the_same(corpus, start):
            asked.add((word, start))
            yield Question(f"{word} {start}", (corpus.stems(word),), start)


def _words_of_a_post(corpus: Corpus, chance: random.Random, count: int) -> list[str]:
    """Return different words of four letters and more that stand in one post, at random."""
    while True:
        post = chance.choice(corpus.works).canonical
        words = [w for w in cut_into_words(f"{post.title} {post.text}") if len(w) > 3]
        found = list(dict.fromkeys(chance.sample(words, min(count, len(words)))))
        if len(found) == count:
            return found


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
