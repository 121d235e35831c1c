"""The many names of one fact: one table, that `facts.py` reads by."""

import re
from collections.abc import Mapping

# The many names of one fact; the first that is stated counts. Each stands for all of its
# spellings: canonical_url is canonicalUrl and Canonical-URL.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title",),
    "summary": ("summary", "excerpt", "description", "abstract"),
    "url": ("url", "permalink"),
    "path": ("path",),
    "slug": ("slug",),
    "saved": ("save_as",),
    # A copy of a piece that stands there.
    "canonical_url": (
        "canonical_url", "canonical", "original_url", "orig_url", "original", "source_url",
    ),
    # The piece was published there; the text is kept here too.
    "elsewhere": ("publication_url",),
    # There is no text here: the entry leads there.
    "leads_to": ("external_url", "external_link", "redirect_to", "redirect"),
    # Copies that the writer made elsewhere.
    "syndication": ("syndication", "syndicated", "crossposts"),
    # Old addresses of this one.
    "aliases": ("aliases", "alias", "redirect_from", "redirects"),
    "date": (
        "date", "pub_date", "pub_datetime", "publish_date", "date_published", "published_at",
        "published", "published_on", "created", "created_at", "release_date", "start_date",
    ),
    "publishes": ("publish_date", "pub_date"),
    "expires": ("expiry_date", "expires", "expiry", "expiration_date", "unpublish_date"),
    "publication": ("publication", "published_on", "journal"),
    "author": ("author", "authors", "byline"),
    "language": ("language", "lang", "locale"),
    "minutes": ("minutes", "reading_time", "read_time", "reading_minutes", "time_to_read"),
    "kind": ("kind",),
    "series": ("series", "series_title", "series_name"),
    "part": (
        "part", "series_part", "series_order", "series_index", "series_number", "series_weight",
    ),
    # The same piece in other languages: a name that all share, the id or address of one.
    "translation": ("translation_of", "translation_key", "lang_ref"),
}  # fmt: skip
TAG_NAMES = ("tags", "tag")
CATEGORY_NAMES = ("categories", "category")
TOPIC_NAMES = ("topics", "topic")
KEYWORD_NAMES = ("keywords",)  # written for search engines; they count where nothing else is stated

# Tables whose members are facts of the entry: Zola's taxonomies, what themes ask for.
TABLES = ("taxonomies", "extra", "params")


def plain_name(name: str) -> str:
    """Return what all spellings of a name share: `canonicalUrl`, `canonical_url`."""
    return re.sub(r"[-_ ]", "", name).lower()


SPELT = {name: plain_name(name) for names in NAMES.values() for name in names}

_KIN = {
    plain_name(name): frozenset(map(plain_name, names))
    for names in NAMES.values()
    for name in names
}


def is_stated(plain: str, own: Mapping[str, object], value: object) -> bool:
    """Tell whether an entry states itself what is stated for it, by this name or a like one."""
    return plain in own or (
        not isinstance(value, bool) and not own.keys().isdisjoint(_KIN.get(plain, ()))
    )
