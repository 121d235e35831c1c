"""Questions by the million: drawn by the grammar of the search box, mutated, and repeated.

    Vocabulary --seeded--> Asker: one part  -> "some phrase" title:w -x tag:y a OR b year:2..
                                  several   -> parts joined by what people and others put between
                                  repeated  -> one part, as often as it goes in: what blew up others
                                  mutated   -> an earlier question, cut, doubled, swapped, mistyped

Random bytes find crashes and nothing that is slow; that takes parts which mean something, again
and again. Whatever is drawn depends on the seed alone.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from searchapp.engine import Index
from searchapp.fields import FACET, SORT
from searchapp.query import EXCLUDE
from searchapp.typed import BOUNDS, MEANT

READ = 200  # works whose texts are read for words and phrases
KEPT = 64  # earlier questions that may be mutated
LONG = 260  # characters; more than are read

Pair = tuple[str, str]

# What other engines understand, and what breaks careless ones.
FOREIGN = (
    "ANDNOT", "NOT NOT", "ANDMAYBE", "REQUIRE", "AND", "NEAR/3", "&&", "||", "!", "*", "?*", "*a*",
    "a~2", "a~99", "^5", "[a TO z]", "{a TO", "date:[feb 29 2021 TO now]", "body:*", "_exists_:x",
    "(", ")", "((((", "))))", '"', "'", "`", "\\", "/a.*b/", 'r"("', "<", ">+", "date:>a", ":",
    "::", "tag:", "tag::", "-tag:", 'tag:"', "-", "--", "---", "+a", "|", "| |", "OR OR", "-OR",
    "a|b", "' OR 1=1 --", "; DROP TABLE works", "<script>alert(1)</script>", "{{7*7}}", "${7*7}",
    "%00", "../../etc/passwd", "\x00", "\ud800", "\udc80*", "\ufeff", "\u200b", "\u200d",
    "\u00ad", "\u202e", "\u0301" * 9, "e\u0301", "ﬁ", "İ", "ß", "ẞ", "ǆ", "Ω", "ａｂ", "１２",
    "²", "½", "🙂", "👩‍👩‍👧", "機械学習", "機", "ภาษาไทย", "한국어", "ひらがな", "עברית",
    "العربية", "हिन्दी", "C++", "c#", ".net", "node.js", "l'homme", "don't", "rock'n'roll", "AT&T",
    "1.5", "1e9", "0x7f", "2024-01-01", "x" * 120, "http://a.example/b?c=d#e", "user@example.org",
    "\t", "\r\n", "\u2028", "\u3000", "„a“", "«a»", "＂a＂",
)  # fmt: skip
SEPARATORS = (" ", " ", " ", " ", "  ", "", "-", ",", "/", " | ", " OR ", " AND ", " -", '" "')
YEARS = ("2019..2023", "2023..2019", "..2020", "2020..", ">2021", "<=2010", "9999", "0000..9999",
         "2020-2022", "2020 to 2022", "..", "0..1", "20244", "two")  # fmt: skip
PAGES = ("1", "2", "3", "17", "500", "10000", "10001", "0", "-1", "1.5", "", "x", "9" * 30, "٣")
ORDERS = (*SORT, "", "worst", "relevance desc")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Vocabulary:
    """What questions are made of: `words` with those that most works have first."""

    words: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]
    facets: Mapping[str, tuple[str, ...]]
    keys: tuple[str, ...]


def learn(index: Index) -> Vocabulary:
    """Return what an index has to ask for."""
    results = index.search(limit=READ, sort="title")
    keys = tuple(hit.id for hit in results.hits)
    texts = [text for hit in results.hits for text in (hit.title, hit.summary or "", hit.snippet)]
    texts += [page.html or "" for page in map(index.work, keys) if page]
    lines = [line for text in texts for line in re.sub(r"<[^>]*>", " ", text).split(".")]
    sentences = [re.findall(r"\w+", line) for line in lines]
    counts: dict[str, int] = {}
    for sentence in sentences:
        for word in sentence:
            counts[word] = counts.get(word, 0) + 1
    facets = {name: tuple(v.value for v in values) for name, values in results.facets.items()}
    months = index.search(year=list(facets.get("year", ("2024",)))[:3]).facets.get("month", ())
    return Vocabulary(
        tuple(sorted(counts, key=lambda word: (-counts[word], word))),
        tuple(tuple(sentence) for sentence in sentences if len(sentence) > 1),
        facets | {"month": tuple(v.value for v in months)},
        keys,
    )


class Asker:
    """Draws questions, one after the other."""

    def __init__(self, vocabulary: Vocabulary, seed: int) -> None:
        self.vocabulary = vocabulary
        self.chance = random.Random(seed)
        self._earlier = [""] * KEPT
        self._part_of = list(self._parts())
        self._weights = [weight for weight, _ in self._part_of]
        self._draws = [draw for _, draw in self._part_of]
        self._mutations = (self._cut, self._double, self._slip, self._insert, str.upper, self._swap)

    def _parts(self) -> list[tuple[int, Callable[[], str]]]:
        return [
            (30, self.word), (12, self._prefix), (10, self._mistyped), (8, self._common),
            (8, self._phrase), (3, self._open_phrase), (4, self._title), (6, self._filter),
            (3, self._bound), (3, self._negated), (4, self._either), (6, self._foreign),
            (3, self._invented), (2, self._joined), (2, self._meant),
        ]  # fmt: skip

    # The whole

    def args(self) -> list[Pair]:
        """Return the pairs of a question's address, in any order and number."""
        chance = self.chance
        pairs = [("q", self.typed())] if chance.random() < 0.93 else []
        if chance.random() < 0.35:
            pairs += [self._chosen() for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 20, 40)))]
        if chance.random() < 0.2:
            pairs.append(("sort", chance.choice(ORDERS)))
        if chance.random() < 0.2:
            pairs.append(("page", chance.choice(PAGES)))
        if chance.random() < 0.05:
            pairs.append((self.typed()[:40], self.typed()[:40]))
        if chance.random() < 0.1:
            chance.shuffle(pairs)
        return pairs

    def typed(self) -> str:
        """Return what may be typed into the search box."""
        chance = self.chance
        how = chance.random()
        if how < 0.72:
            many = chance.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 9, 14))
            text = chance.choice(SEPARATORS).join(self._part() for _ in range(many))
        elif how < 0.84:
            text = self._repeat()
        else:
            text = self._mutate(chance.choice(self._earlier))
        text += " " if chance.random() < 0.3 else ""
        self._earlier[chance.randrange(KEPT)] = text[: 2 * LONG]
        return text

    def _repeat(self) -> str:
        part = self._part() + self.chance.choice((*SEPARATORS, " "))
        times = self.chance.choice((2, 3, 5, 9, 17, 40, 100, LONG))
        room = LONG // max(1, len(part))  # as a slip may leave nothing of a word
        return part * min(times, room + 2) + self._part()

    def _mutate(self, text: str) -> str:
        for _ in range(self.chance.choice((1, 1, 2, 3, 6))):
            text = self.chance.choice(self._mutations)(text)
        return text

    def _part(self) -> str:
        return self.chance.choices(self._draws, self._weights)[0]()

    # Parts

    def word(self) -> str:
        """Return a word of the index, a common one more often."""
        words = self.vocabulary.words
        return words[int(len(words) * self.chance.random() ** 3)]

    def _common(self) -> str:
        return self.vocabulary.words[self.chance.randrange(min(30, len(self.vocabulary.words)))]

    def _prefix(self) -> str:
        return self.word()[: self.chance.choice((1, 1, 2, 2, 3, 4, 5))]

    def _mistyped(self) -> str:
        return self._slip(self.word())

    def _invented(self) -> str:
        return "".join(self.chance.choices(LETTERS, k=self.chance.choice((1, 3, 5, 8, 12, 30))))

    def _sentence(self) -> str:
        chance = self.chance
        words = chance.choice(self.vocabulary.sentences)
        first = chance.randrange(len(words))
        return " ".join(words[first : first + chance.choice((1, 2, 2, 3, 4, 8, 20))])

    def _phrase(self) -> str:
        if self.chance.random() < 0.3:  # of words that most works have
            return f'"{" ".join(self._common() for _ in range(self.chance.choice((2, 3, 9, 30))))}"'
        return f'"{self._sentence()}"'

    def _open_phrase(self) -> str:
        return f'{self.chance.choice(("", "-", "title:"))}"{self._sentence()}'

    def _title(self) -> str:
        return f"title:{self._phrase() if self.chance.random() < 0.4 else self.word()}"

    def _filter(self) -> str:
        name, value = self._chosen()
        value = f'"{value}"' if " " in value or self.chance.random() < 0.2 else value
        return f"{self.chance.choice(('', '', '-'))}{name.removeprefix(EXCLUDE)}:{value}"

    def _bound(self) -> str:
        return f"{self.chance.choice((*BOUNDS, 'year'))}:{self.chance.choice(YEARS)}"

    def _negated(self) -> str:
        return f"-{self._phrase() if self.chance.random() < 0.3 else self.word()}"

    def _either(self) -> str:
        many = self.chance.choice((2, 2, 3, 8))
        return self.chance.choice((" OR ", " | ")).join(self.word() for _ in range(many))

    def _joined(self) -> str:
        return self.chance.choice("-_'.’/&+").join((self.word(), self.word()))

    def _meant(self) -> str:
        return f"{self.chance.choice(list(MEANT))}:{self.word()}"

    def _foreign(self) -> str:
        return self.chance.choice(FOREIGN)

    def _chosen(self) -> Pair:
        """Return a facet's name, or its exclusion, with a value that it has or has not."""
        chance = self.chance
        name = chance.choice(list(FACET))
        values = self.vocabulary.facets.get(name) or ("none",)
        value = values[int(len(values) * chance.random() ** 2)]
        if name in ("year", "month") and chance.random() < 0.4:
            value = chance.choice(YEARS)
        elif chance.random() < 0.15:
            value = self._part()
        return (EXCLUDE if chance.random() < 0.2 else "") + name, value

    # Mutations

    def _spot(self, text: str) -> tuple[int, int]:
        first, last = self.chance.randrange(len(text) + 1), self.chance.randrange(len(text) + 1)
        return min(first, last), max(first, last)

    def _cut(self, text: str) -> str:
        first, last = self._spot(text)
        return text[:first] + text[last:]

    def _double(self, text: str) -> str:
        first, last = self._spot(text)
        return (text[:last] + text[first:last] * self.chance.choice((1, 2, 5)) + text[last:])[:2000]

    def _swap(self, text: str) -> str:
        first, last = self._spot(text)
        return text[last:] + text[first:last] + text[:first]

    def _insert(self, text: str) -> str:
        first, _ = self._spot(text)
        return text[:first] + self._part() + text[first:]

    def _slip(self, text: str) -> str:
        """Return a text with one slip of the fingers: a letter lost, doubled, changed, swapped."""
        at = self.chance.randrange(len(text) + 1)
        letter = self.chance.choice(LETTERS)
        return self.chance.choice((
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        ))  # fmt: skip
