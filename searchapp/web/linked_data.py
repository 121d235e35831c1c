"""Pages as linked data: the words of schema.org, which search engines read as JSON-LD."""

from collections.abc import Mapping, Sequence
from typing import Any

from searchapp.engine.results import Kin, Site, TagInfo, WorkPage
from searchapp.query import Query
from searchapp.web.links import absolute, outside, url_of_query, url_of_work

CONTEXT = "https://schema.org"
# What a piece is, by its kind; a talk is none of the articles.
TYPES = {"post": "BlogPosting", "note": "BlogPosting", "paper": "ScholarlyArticle",
         "talk": "CreativeWork"}  # fmt: skip


def describe_site(site: Site, home: str) -> dict[str, Any]:
    """Return the whole, and how it is searched."""
    return _stated({
        "@context": CONTEXT, "@type": "WebSite", "@id": home, "url": home, "name": site.title,
        "description": site.description, "inLanguage": site.language,
        "author": _person(site.author) if site.author else None,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{home}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    })  # fmt: skip


def describe_tag(tag: TagInfo, address: str, site: Site, home: str) -> dict[str, Any]:
    """Return the page of a tag as a collection about what the tag stands for."""
    about = {"@type": "DefinedTerm", "name": tag.label, "alternateName": list(tag.aliases),
             "description": tag.description}  # fmt: skip
    return _stated({
        "@context": CONTEXT, "@type": "CollectionPage", "@id": address, "url": address,
        "name": tag.label, "about": _stated(about),
        "isPartOf": {"@type": "WebSite", "@id": home, "url": home, "name": site.title},
    })  # fmt: skip


def describe_work(
    work: WorkPage,
    here: str,
    elsewhere: str | None,
    authors: Sequence[str],
    labels: Sequence[str],
    site: Site,
) -> dict[str, Any]:
    """Return a piece with all its places: one thing, whose other addresses are the same as it.

    `here` is our own page of it, `elsewhere` the place where it was published.
    """
    hit = work.hit
    address = elsewhere or here
    living = [place.url for place in hit.places if outside(place.url) and not place.gone]
    places = [url for url in living if url != address]
    same = list(dict.fromkeys([*places, *([here] if elsewhere else [])]))
    return _stated({
        "@context": CONTEXT, "@type": TYPES.get(hit.kind, "Article"), "@id": address,
        "url": address, "mainEntityOfPage": here, "headline": hit.title, "name": hit.title,
        "description": hit.summary, "inLanguage": hit.language, "datePublished": hit.published,
        "author": [_person(name) for name in authors], "keywords": list(labels),
        "timeRequired": f"PT{hit.minutes}M" if hit.minutes else None, "sameAs": same,
        **_describe_series(work, site), **_describe_kin(work.kin, site),
    })  # fmt: skip


def _describe_series(work: WorkPage, site: Site) -> dict[str, Any]:
    series = work.hit.series
    if series is None:
        return {}
    url = absolute(url_of_query(Query.of(filters={"series": series.title})), site.url)
    part_of = {"@type": "CreativeWorkSeries", "name": series.title, "url": url}
    return {"isPartOf": part_of, "position": series.part}


def _describe_kin(kin: Kin, site: Site) -> dict[str, Any]:
    translations = [
        {
            "@type": "CreativeWork",
            "@id": outside(other.url) or absolute(url_of_work(other.id), site.url),
            "url": absolute(url_of_work(other.id), site.url),
            "name": other.title,
            "inLanguage": other.language,
        }
        for other in kin.translations
    ]
    return {"workTranslation": translations}


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _stated(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stated, without what is empty; 0 is a number that a part may have."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}
