"""A blog of 2,000 posts, the copies that were made of them, and which of these are one piece.

content/ --posts--> texts --titled--> posts --spoiled--> copies, labelled

The posts hold what tempts to join wrongly: recurring titles, parts of series, years, versions,
months, negations, opposites, titles that differ by one word, yearly reports under new titles
with last year's words. The copies are spoiled as real ones are: texts get footers, lose
sentences, shrink to excerpts, break; titles are cut, decorated, respelled or replaced;
addresses gain parameters. It was written before any rule that it is to judge.
"""

import datetime as dt
import itertools
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.posts import make_corpus, read_material
from searchapp.documents import Document
from searchapp.slugs import slug_of_title

OWN, SECOND = "https://tides.example/", "https://notes.harbour.example/"
ELSEWHERE = {
    "Medium": "https://medium.com/@ferry/{slug}-{hex}",
    "Letter": "https://ferry.substack.com/p/{slug}",
    "Gazette": "https://gazette.example/{year}/{slug}.html",
    "Dev pages": "https://devpages.example/ferry/{slug}",
}
COPIED = 0.4  # of the posts
AGAIN = 0.25  # of those have one copy more


def _list(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split(";")]


SUBJECTS = _list("""
    tide tables; salt pans; harbour maps; ferry timetables; knots; sea walls; buoys;
    lighthouse lenses; dredging; eel traps; mudflats; storm drains; pilot boats; rope walks;
    barnacles; cargo cranes; fog horns; oyster beds; sluice gates; river mouths; rain
    gauges; log books; chart rooms; weather ships; net mending; paper boats; dry docks;
    canal locks; ice breakers; sand banks; anchor chains; shanties; wool trade; cod liver
    oil; signal flags; tug boats; wave tanks; sounding leads; ballast water; marsh birds;
    wind vanes; brass fittings; copper hulls; coal barges; steam valves; quay steps; gull
    colonies; fish auctions; boat sheds; crab pots
""")
MANNERS = _list("""
    Mending; Measuring; Drawing; Counting; Naming; Rebuilding; Testing; Painting; Selling;
    Reading; Sorting; Moving; Guarding; Copying; Teaching; Cleaning; Weighing; Planning;
    Storing; Comparing; Tuning; Cutting; Finding; Losing; Lifting; Sharing; Dating; Closing;
    Opening; Timing
""")
SETTINGS = _list("""
    in winter; at night; by hand; without power; on a budget; with children; for beginners;
    in the rain; before breakfast; under sail; across the strait; with old tools; after the
    flood; in small harbours; on paper; by the numbers; with a borrowed boat; for night
    watches; at low water; in two languages; against the current; on the northern shore;
    with a lead line; in cold weather; for small crews; at the far pier; with three ropes;
    in heavy traffic; by lamp light; with new eyes
""")
TAILS = _list("""
    A Field Guide; What the Logs Say; Lessons From a Season; The Long Way Round; A Short
    History; Notes for the Impatient; What Nobody Measured; The Parts That Broke; An Honest
    Account; How It Went; Three Mistakes and a Fix; The Numbers Behind It; A Letter to My
    Successor; Why It Took a Year; The View From the Quay
""")
RECURRING = [
    "Weeknotes", "Weekly links", "Reading list", "Merry Christmas", "Harbour office news",
    "What we learned this month", "Changes in the harbour team",
]  # fmt: skip
OPPOSITES = [
    ("The case for {}", "The case against {}"), ("How to build {}", "How not to build {}"),
    ("Why you need {}", "Why you do not need {}"), ("Before {}", "After {}"),
    ("Pros of {}", "Cons of {}"), ("How {} work", "Why {} work"),
]  # fmt: skip
UK_US = [
    ("Harbour", "Harbor"), ("harbour", "harbor"), ("grey", "gray"), ("colour", "color"),
    ("Naming", "Naming of"), ("Measuring", "Measureing"),  # slips
]  # fmt: skip
WORDS_OF_NUMBERS = {"2": "Two", "3": "Three", "4": "Four", "5": "Five"}
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
FOOTERS = [
    "This article first appeared on my own site, where its comments are open.",
    "Thanks for reading! Follow me for more, and subscribe to the letter: a new piece every week, "
    "no advertisements, and you can leave whenever you like with one click.",
    "The author keeps boats. Views are her own. Republished with permission of the harbour office; "
    "please do not copy it further without asking first, as pictures belong to their makers.",
]


@dataclass(frozen=True)
class Labelled:
    """Documents, and for the id of each which piece it is of and how it was spoiled."""

    documents: tuple[Document, ...]
    pieces: dict[str, str]
    spoiled: dict[str, str]

    def same(self) -> set[tuple[str, str]]:
        """Return all pairs of documents that are one piece."""
        members: dict[str, list[str]] = {}
        for id_, piece in self.pieces.items():
            members.setdefault(piece, []).append(id_)
        return {p for ids in members.values() for p in itertools.combinations(sorted(ids), 2)}


def make_copies(content: Path, seed: int, posts: int = 2_000) -> Labelled:
    """Return `posts` posts and the copies of some; the same arguments give the same ones."""
    chance = random.Random(seed)
    corpus = make_corpus(read_material(content), posts, seed)
    texts = [replace(w.canonical, language="en") for w in corpus.works]
    titles = _titles(posts, chance)
    originals = [_post(t, title, chance) for t, title in zip(texts, titles, strict=True)]
    originals = _lend_words(originals, chance)
    pieces = {post.id: post.id for post in originals}
    spoiled = dict.fromkeys(pieces, "original")
    documents = list(originals)
    taken: set[str] = set()
    for post in originals:
        many = (chance.random() < COPIED) + (chance.random() < COPIED * AGAIN)
        for number, site in enumerate(chance.sample(list(ELSEWHERE), many)):
            kind = chance.choices(list(SPOILERS), [weight for weight, _ in SPOILERS.values()])[0]
            copy = SPOILERS[kind][1](_elsewhere(post, site, number, chance), post, chance)
            copy = _with_own_address(copy, taken)
            documents.append(copy)
            pieces[copy.id], spoiled[copy.id] = post.id, kind
    chance.shuffle(documents)
    return Labelled(tuple(documents), pieces, spoiled)


# --- Titles, and those that tempt --------------------------------------------------------


def _titles(count: int, chance: random.Random) -> list[str]:
    """Return a title for each post: a tenth tempts to be taken for another's."""
    tempting: list[str] = []
    while len(tempting) < count // 5:
        tempting += _family(chance)
    plain: dict[str, None] = {}
    while len(plain) < count - len(tempting):
        plain[_plain_title(chance)] = None
    titles = [*tempting, *plain]
    chance.shuffle(titles)
    return titles[:count]


def _plain_title(chance: random.Random) -> str:
    manner, subject, setting = (chance.choice(x) for x in (MANNERS, SUBJECTS, SETTINGS))
    number, tail = chance.choice("2345"), chance.choice(TAILS)
    return chance.choice([
        f"{manner} {subject} {setting}",
        f"{manner} {subject}: {tail}",
        f"{subject.capitalize()} {setting}: {tail}",
        f"{number} ways of {manner.lower()} {subject} {setting}",
        f"What {subject} taught me about {chance.choice(SUBJECTS)}",
        f"{manner} {subject} & {chance.choice(SUBJECTS)} {setting}",
    ])  # fmt: skip


def _family(chance: random.Random) -> list[str]:
    """Return titles of different pieces that look like one."""
    subject, manner, setting = (chance.choice(x) for x in (SUBJECTS, MANNERS, SETTINGS))
    capital = subject.capitalize()
    number = chance.randint(2, 40)
    kind = chance.randrange(9)
    if kind == 0:
        return [chance.choice(RECURRING)] * chance.randint(2, 6)
    if kind == 1:
        return [f"{manner} {subject}, Part {n}" for n in range(1, chance.randint(3, 6))]
    if kind == 2:
        return [f"{manner} {subject} {setting}, part {r}" for r in ("I", "II", "III")]
    if kind == 3:
        return [f"{capital}: the year {year} in review" for year in range(2015, 2019)]
    if kind == 4:
        return [f"What is new in {subject} {number}.{n}" for n in (0, 1, 2)]
    if kind == 5:
        return [f"{capital} report, {month} 2021" for month in ("January", "February", "March")]
    if kind == 6:
        return [title.format(subject) for title in chance.choice(OPPOSITES)]
    if kind == 7:
        return [f"{m} {subject} {setting}" for m in chance.sample(MANNERS, 3)]
    return [f"{manner} {subject} {setting}", f"{manner} {subject} {setting}, Part 2"]


def _lend_words(posts: Sequence[Document], chance: random.Random) -> list[Document]:
    """Let some posts repeat much of another's text, as yearly reports and series do."""
    lent = list(posts)
    for i in chance.sample(range(len(posts)), len(posts) // 50):
        other = chance.choice(posts)
        sentences = _sentences(other.text)
        kept = sentences[: int(len(sentences) * chance.uniform(0.2, 0.55))]
        lent[i] = replace(lent[i], text=" ".join([*kept, lent[i].text]))
    return lent


def _post(text: Document, title: str, chance: random.Random) -> Document:
    own = chance.random() < 0.8
    date = text.date
    slug = slug_of_title(title)
    path = f"{date:%Y/%m}/{slug}/" if date else f"undated/{slug}/"
    source = "tides" if own else "notes"
    return replace(
        text, id=f"{source}:{text.id[6:]}", source=source, site=source.capitalize(), title=title,
        url=f"{OWN if own else SECOND}{path}{text.id[-8:-3] + '/'}", path=f"{source}/{text.path}",
        kind="post", prefer=0 if own else 1,
    )  # fmt: skip


# --- Copies, and how they are spoiled ------------------------------------------------------


def _elsewhere(post: Document, site: str, number: int, chance: random.Random) -> Document:
    """Return a copy on another site, a few days later, whole as yet."""
    later = dt.timedelta(days=int(chance.expovariate(1 / 6)))
    date = post.date + later if post.date and chance.random() < 0.9 else None
    return replace(
        post, id=f"{slug_of_title(site)}:{post.id}-{number}", source=slug_of_title(site),
        site=site, url=_address(post, post.title, site, chance), date=date, prefer=5,
        path=f"{slug_of_title(site)}.jsonl", summary="",
    )  # fmt: skip


def _address(post: Document, title: str, site: str, chance: random.Random) -> str:
    year = post.date.year if post.date else 2020
    digits = f"{chance.getrandbits(48):012x}"
    return ELSEWHERE[site].format(slug=slug_of_title(title)[:60], hex=digits, year=year)


def _with_own_address(copy: Document, taken: set[str]) -> Document:
    """Return it under a numbered address where another piece has its own, as sites do."""
    url = copy.url or ""
    if url in taken and not copy.listed:
        start, dot, ending = url.partition(".html")
        numbered = (f"{start}-{n}{dot}{ending}" for n in itertools.count(2))
        copy = replace(copy, url=next(u for u in numbered if u not in taken))
    taken.add(copy.url or "")
    return copy


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


def _cut(text: str, share: float, chance: random.Random) -> str:
    """Leave out a share of the sentences, and change some words of the others."""
    kept = [s for s in _sentences(text) if chance.random() >= share]
    words = " ".join(kept or _sentences(text)[:1]).split()
    return " ".join(w if chance.random() > 0.02 else w[::-1] for w in words)


def _excerpt(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: max(25, int(len(words) * share))]) + " … Read on at my site."


def _break(text: str, encoding: str) -> str:
    """Read the UTF-8 of a text in a wrong encoding, after giving it typographic signs."""
    dressed = text.replace("'", "’").replace(" - ", " — ")
    return f"“{dressed}”".encode().decode(encoding, "replace")


def with_footer(copy: Document, post: Document, chance: random.Random) -> Document:
    return replace(copy, text=f"{post.text}\n\n{chance.choice(FOOTERS)}")


def with_cuts(copy: Document, post: Document, chance: random.Random) -> Document:
    return replace(copy, text=_cut(post.text, 0.1, chance))


def with_deep_cuts(copy: Document, post: Document, chance: random.Random) -> Document:
    return replace(copy, text=_cut(post.text, 0.3, chance))


def as_excerpt(copy: Document, post: Document, chance: random.Random) -> Document:
    return replace(copy, text=_excerpt(post.text, chance.uniform(0.25, 0.5)))


def broken(copy: Document, post: Document, chance: random.Random) -> Document:
    encoding = chance.choice(["cp1252", "mac_roman"])
    return replace(copy, title=_break(post.title, encoding), text=_break(post.text, encoding))


def retitled(copy: Document, post: Document, chance: random.Random) -> Document:
    title = _plain_title(chance)
    url = _address(post, title, copy.site, chance)
    return with_footer(replace(copy, title=title, url=url), post, chance)


def retitled_and_cut(copy: Document, post: Document, chance: random.Random) -> Document:
    return replace(retitled(copy, post, chance), text=_cut(post.text, 0.05, chance))


def declared(copy: Document, post: Document, chance: random.Random) -> Document:
    title = chance.choice([post.title, _plain_title(chance)])
    return replace(with_cuts(copy, post, chance), title=title, canonical_url=post.url)


def listed(copy: Document, post: Document, chance: random.Random) -> Document:
    """Give a line of a list, at the post's own address in another spelling."""
    url = post.url or ""
    spellings = (
        url.replace("https:", "http:"), url.replace("https://", "https://www."),
        url.rstrip("/"), url + "index.html", url + "?utm_source=letter&utm_medium=email",
        url + "amp/", url + "#comments", url.replace("https://", "http://m."),
    )  # fmt: skip
    title = chance.choice([post.title, post.title.upper(), post.title[:30].rstrip() + "…"])
    return replace(
        copy, title=title, url=chance.choice(spellings), text="", date=None, listed=True
    )  # fmt: skip


def truncated(copy: Document, post: Document, chance: random.Random) -> Document:
    end = max(18, int(len(post.title) * chance.uniform(0.55, 0.9)))
    title = post.title[:end].rstrip() + chance.choice(["…", "..."])
    return replace(with_cuts(copy, post, chance), title=title)


def decorated(copy: Document, post: Document, chance: random.Random) -> Document:
    title = chance.choice([
        f"[Guest post] {post.title}", f"Repost: {post.title}", f"{post.title} | {copy.site}",
        f"{post.title} - {copy.site}", f"{post.title} | by A. Ferry | {copy.site}",
        f"🚢 {post.title} ✨", f"{post.title} [2021]", f"“{post.title}”", f"**{post.title}**",
    ])  # fmt: skip
    return replace(with_cuts(copy, post, chance), title=title)


def respelled(copy: Document, post: Document, chance: random.Random) -> Document:
    """Write the title as another editor does: numbers, spelling, case, signs."""
    title = post.title
    for number, word in WORDS_OF_NUMBERS.items():
        title = re.sub(rf"^{number} ways", f"{word} ways", title)
    title = re.sub(r"\b[Pp]art ([1-5])$", lambda m: f"Part {ROMAN[m[1]]}", title)
    for british, american in UK_US:
        title = title.replace(british, american)
    title = title.replace(" & ", " and ").replace(": ", " — ")
    title = title if title != post.title else post.title.lower()
    return replace(with_cuts(copy, post, chance), title=title)


def without_subtitle(copy: Document, post: Document, chance: random.Random) -> Document:
    return replace(with_cuts(copy, post, chance), title=post.title.partition(":")[0])


def bodyless(copy: Document, post: Document, chance: random.Random) -> Document:
    """Leave a title and an address elsewhere, and nothing else, as an export often does."""
    return replace(copy, text="", summary="")


Spoiler = Callable[[Document, Document, random.Random], Document]
SPOILERS: dict[str, tuple[float, Spoiler]] = {
    "footer": (14, with_footer),
    "cuts": (12, with_cuts),
    "deep cuts": (7, with_deep_cuts),
    "excerpt": (9, as_excerpt),
    "broken text": (6, broken),
    "new title": (7, retitled),
    "new title, cuts": (3, retitled_and_cut),
    "declared": (7, declared),
    "address respelled": (10, listed),
    "title cut": (7, truncated),
    "title decorated": (8, decorated),
    "title respelled": (6, respelled),
    "subtitle left out": (3, without_subtitle),
    "no text": (1, bodyless),
}
