"""The words and stems of `analysis.py`, as Whoosh's schema wants them.

By itself, as importing Whoosh takes longer than an answer: it brings a client for the web along.
"""

from collections.abc import Iterator

from whoosh.analysis import Analyzer, Token

from searchapp.engine.analysis import cut_into_words, stem


class WordAnalyzer(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """The words and stems above, as Whoosh's schema wants them."""

    def __init__(self, language: str = "en", stemmed: bool = True) -> None:
        self.language = language
        self.stemmed = stemmed

    def __call__(self, value: str, **kwargs: object) -> Iterator[Token]:
        """Yield a Whoosh token for each word of `value`."""
        token = Token()
        for position, word in enumerate(cut_into_words(value)):
            token.text = stem(word, self.language) if self.stemmed else word
            token.boost, token.pos, token.stopped = 1.0, position, False
            yield token
