"""Repair at scale: sixty titles read in a wrong encoding, and a thousand that are whole."""

from itertools import product

import pytest

from searchapp.text import repair

# Titles as they were meant, by the encoding in which somebody read their UTF-8.
MEANT = {
    "mac_roman": [
        "Don’t Trust the Loss Curve", "The Writer’s Index", "What’s New in Search?",
        "A Year’s Notes", "It’s Only a Cache", "“Hello” Is Not a Test", "The “Last” Rewrite",
        "On ‘Good Enough’ Joins", "Counting — Honestly", "2019–2024: Five Years of Notes",
        "Wait… What?", "Launch Day 🚀", "🐢 Slow Is Smooth", "Sparks ✨ Everywhere",
        "Rust 🦀 and I", "Python 🐍 for Poets", "Coffee ☕ and Code", "The Bug 🐛 Hunt",
        "Fire 🔥 in the Server Room", "Books 📚 of the Year", "Ship It 🚢", "A Brain 🧠 on Tags",
        "Robots 🤖 Write Back", "Maps 🗺 of Thought", "“Search” ✨ Isn’t Magic",
        "Why We Can’t Have “Nice” Counts",
    ],
    "cp1252": [
        "Don’t Panic", "The Owner’s Desk", "You’re the Tokenizer", "Who’s Afraid of B-Trees?",
        "“Done” Means Measured", "‘Simple’ Is a Choice", "Facets — a Love Letter",
        "1999–2009", "And Then… Silence", "Café Notes", "Über Listen und Zeilen",
        "L’été à Genève", "El Niño y los índices", "São Paulo, cidade de papéis",
        "Smörgåsbord of Tags", "Naïve Bayes, Revisited", "Größere Äpfel", "Crème Brûlée at Scale",
        "Launch 🚀", "Sparkles ✨ and Rain", "Zażółć gęślą jaźń",
    ],
    "latin-1": [
        "Résumé of a Résumé", "Señor Index", "Fußnoten", "Ålesund Diary", "Façade and Fact",
        "Curaçao, or the Blue Theme", "Dvořák’s Ninth",
    ],
    "cp1250": ["Don’t Fold Case", "“Quoted” Everything", "Notes — Late"],
    "twice cp1252": ["Don’t Encode Twice", "“Curly” Again", "Café, Again"],
}  # fmt: skip
TITLES = [(encoding, title) for encoding, titles in MEANT.items() for title in titles]

# Whole titles in as many scripts as we could write one in, and what titles put around them.
WHOLE = [
    "Notes on the river", "Über den Fluß", "Où l’été s’achève", "El año del pingüino",
    "Coração e ação", "Perché no? Così è", "Een coördinaat te veel", "Smörgås på ön",
    "Blåbær og rødgrød", "Hyvää yötä, Äiti", "Þetta er ísland", "Łódź, Gdańsk, Święto",
    "Příliš žluťoučký kůň", "Vŕba šumí ďaleko", "Árvíztűrő tükörfúrógép", "Știință și artă",
    "Šuma čeka žabu", "Ünlü İstanbul ışığı", "Ąžuolas žydėjo", "Ķirši ēnā", "Õhtu öös",
    "Is fáidh é an fear", "Ŵyr yn y tŷ", "L·l de col·legi", "Ñandú y Ñoño",
    "Река течёт домой", "Їжак і ґанок", "Бързата лисица", "Ђак учи ћирилицу", "Ποταμός ΰ και ώρα",
    "Հայերեն գիր", "ქართული ენა", "עברית בלי ניקוד", "نهر بلا خط", "رودخانه‌ی آبی", "دریا کا پانی",
    "नदी रेखा नहीं है", "নদী বয়ে যায়", "ਨਦੀ ਵਗਦੀ ਹੈ", "નદી વહે છે", "நதி ஓடுகிறது", "నది పారుతుంది",
    "ನದಿ ಹರಿಯುತ್ತದೆ", "നദി ഒഴുകുന്നു", "แม่น้ำไหล", "ແມ່ນ້ຳ", "မြစ်", "ទន្លេ", "Dòng sông đã chảy",
    "川は流れる", "河水流动", "강이 흐른다", "전각：ＡＢＣ（１２３）",
]  # fmt: skip
AROUND = [
    "{}", "“{}”", "‘{}’ – again", "„{}“", "«{}»", "»{}«", "「{}」", "{} — part 2", "{}…",
    "{} 🚀", "🐢✨ {}", "{} ½ √2 ≈ 1.414", "{} © 2024 ®", "{}: 30 °C ± 2", "{} & more",
    "§ 5 {}", "{} ‚so‘", "{} (x² → ∞)", "{} 👩‍👩‍👧‍👦 🏳️‍🌈",
]  # fmt: skip


def broken(title: str, encoding: str) -> str:
    """Return the title as its UTF-8 reads in another encoding, as browsers read it."""
    if encoding.startswith("twice "):
        once = encoding.removeprefix("twice ")
        return broken(broken(title, once), once)
    if encoding == "cp1252":  # browsers take its five gaps for controls
        pieces = (byte.to_bytes() for byte in title.encode())
        return "".join(p.decode("cp1252", "ignore") or p.decode("latin-1") for p in pieces)
    return title.encode().decode(encoding)


@pytest.mark.parametrize(("encoding", "title"), TITLES)
def test_a_title_read_in_a_wrong_encoding_is_made_whole(encoding: str, title: str) -> None:
    assert repair(broken(title, encoding)) == title


def test_the_suite_has_sixty_broken_titles_and_a_thousand_whole_ones() -> None:
    assert len(TITLES) == len(set(TITLES)) >= 60
    assert len(WHOLE) * len(AROUND) >= 1000


def test_none_of_a_thousand_whole_titles_is_changed() -> None:
    titles = [around.format(title) for title, around in product(WHOLE, AROUND)]

    assert [title for title in titles if repair(title) != title] == []
