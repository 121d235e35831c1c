"""What the API's answers are made of, as JSON Schema: one entry for each noun of it."""

from typing import Any

from searchapp.documents import KINDS
from searchapp.fields import FACETS, SORT, TEXT_FIELDS

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{12}$",
              "description": "Twelve hexadecimal digits."}  # fmt: skip
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
DAY: Schema = {"type": ["string", "null"], "format": "date",
               "description": "A day; null where nobody stated one."}  # fmt: skip
ADDRESS: Schema = {
    "type": ["string", "null"],
    "description": "Where it can be read; null where nobody stated that.",
}


def a(name: str) -> Schema:
    """Return a reference to the schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def several(schema: Schema, description: str = "") -> Schema:
    """Return the schema of a list."""
    said = {"description": description} if description else {}
    return {"type": "array", "items": schema, **said}


def or_null(schema: Schema, description: str) -> Schema:
    """Return the schema of what may be absent, saying when."""
    return {"anyOf": [schema, {"type": "null"}], "description": description}


def whole(properties: dict[str, Schema], optional: tuple[str, ...] = (), says: str = "") -> Schema:
    """Return the schema of an object that has these members, all but the optional ones always."""
    required = [name for name in properties if name not in optional]
    said = {"description": says} if says else {}
    return {"type": "object", "properties": properties, "required": required, **said}


def told(schema: Schema, description: str) -> Schema:
    """Return a schema with what it stands for."""
    return schema | {"description": description}


_PLACE = whole({
    "url": ADDRESS, "source": told(STRING, "The name of the site."), "title": STRING, "date": DAY,
    "role": {"enum": ["original", "copy", "translation", "archived"]},
    "gone": told(DAY, "The day since which it answers no more; null while it lives."),
}, says="Somewhere a piece can be read.")  # fmt: skip

_SERIES = whole({
    "title": STRING, "part": {"type": ["integer", "null"]}, "parts": COUNT,
})  # fmt: skip

_HIT = {
    "id": ID, "title": STRING, "url": ADDRESS, "date": DAY,
    "kind": told(STRING, f"What it is: {', '.join(KINDS)}, or what a source says."),
    "source": told(STRING, "Where it was published, by the name of the site."),
    "language": told(STRING, "The code of its language, as in `en`."),
    "authors": several(STRING), "minutes": {"type": ["integer", "null"], "minimum": 0},
    "tags": several(STRING, "The slugs of its tags."),
    "series": or_null(a("Series"), "The series that it is a part of."),
    "summary": STRING,
    "documents": several(STRING, "The ids of the entries that it was read from."),
    "places": several(a("Place"), "The one whose address is `url` first, those gone last."),
    "published": told(DAY, "The first day on which it was published, anywhere."),
    "sections": several(whole({"title": STRING, "url": STRING}), "Its parts that have the words."),
    "snippet": told(STRING, "HTML with no element but `mark`: the text around the words."),
    "matched": or_null(
        whole({"document": STRING, "source": {"type": ["string", "null"]}, "title": STRING}),
        "The copy that alone has some of the words."),
    "elsewhere": several(whole({
        "field": {"enum": [*(field.name for field in TEXT_FIELDS), "synonym"]},
        "value": {"type": ["string", "null"]}, "words": several(STRING),
    }), "Where words stand that neither title nor snippet show; a synonym was found as `value`."),
    "complete": told(YES_OR_NO, "False for a piece that has only some of the words."),
    "score": told(NUMBER, "How well it answers; 0 without words."),
}  # fmt: skip

_KIN = whole({
    "id": ID, "title": STRING, "url": ADDRESS, "date": DAY, "language": STRING, "source": STRING,
    "part": {"type": ["integer", "null"]},
})  # fmt: skip

_ANSWER = {
    "total": told(COUNT, "How many pieces have all the words and pass all filters."),
    "places": told(COUNT, "In how many places these can be read."),
    "generation": told(COUNT, "The number of the index that answered."),
    "page": told(COUNT, "The page that is given, the last where one behind it was asked for."),
    "pages": COUNT, "sort": {"enum": list(SORT)},
    "query": whole({
        "q": STRING, "filters": a("Filters"), "not": a("Filters"),
    }, says="The question as it was understood, tags by their slugs."),
    "understood": several(whole({
        "text": STRING, "as": STRING, "note": {"type": ["string", "null"]},
    }), "How each part of the words was read."),
    "correction": or_null(whole({"q": STRING, "total": COUNT}), "What may have been meant."),
    "partial": told(COUNT, "How many more pieces have some of the words."),
    "ways_out": several(whole({
        "without": {"enum": ["word", "filter", "words", "filters", "quotes"]},
        "text": {"type": ["string", "null"]}, "facet": {"type": ["string", "null"]},
        "excluded": YES_OR_NO, "total": COUNT,
        "query": whole({"q": STRING, "filters": a("Filters"), "not": a("Filters")}),
    }), "Where little was found: the question without a part of it, and what that finds."),
    "notes": several(STRING, "What of the question was corrected."),
    "hits": several(a("Hit")),
    "facets": {
        "type": "object", "description": "The values to narrow by, with their counts.",
        "properties": {facet.name: several(a("FacetValue")) for facet in FACETS},
        "additionalProperties": False,
    },
}  # fmt: skip

_TAG = {"tag": told(STRING, "Its slug."), "label": STRING, "count": COUNT}

SCHEMAS: dict[str, Schema] = {
    "Answer": whole(_ANSWER, says="The answer to a search."),
    "Hit": whole(_HIT | {"explain": or_null({"type": "object"}, "Why it stands where it does.")},
                 optional=("explain",), says="A piece: one writing, with all its places."),
    "Work": whole(_HIT | {
        "html": told(STRING, "Its text, where that is ours."),
        "versions": several(whole({
            "relation": {"enum": ["translation", "version"]}, **_KIN["properties"]})),
        "parts": several(a("Kin"), "The parts of its series, itself among them."),
        "previous": or_null(ID, "The part before it."), "next": or_null(ID, "The part after it."),
        "related": several(whole({"id": ID, "title": STRING}), "Pieces about the same."),
    }, optional=("html",), says="A piece in full."),
    "Kin": _KIN,
    "Place": _PLACE,
    "Series": _SERIES,
    "Filters": {
        "type": "object", "properties": {facet.name: several(STRING) for facet in FACETS},
        "additionalProperties": False,
    },
    "FacetValue": whole({
        "value": STRING, "label": STRING, "selected": YES_OR_NO, "excluded": YES_OR_NO,
        "count": told(COUNT, "How many pieces choosing it would show."),
    }),
    "Tags": whole({"tags": several(whole(_TAG | {
        "aliases": several(STRING, "Its other names."),
        "related": several(whole({"tag": STRING, "score": NUMBER}), "Tags that go with it."),
    }))}),
    "Suggestions": whole({
        "pieces": several(whole({"id": ID, "title": STRING, "url": ADDRESS})),
        "tags": several(whole(_TAG)),
    }),
    "Completions": {
        "type": "array", "minItems": 4, "maxItems": 4,
        "items": {"anyOf": [STRING, several(STRING)]},
        "description": "What was typed, completions, a word on each, addresses of each.",
    },
    "JsonFeed": whole({
        "version": {"const": "https://jsonfeed.org/version/1.1"}, "title": STRING,
        "description": STRING, "home_page_url": STRING, "feed_url": STRING, "language": STRING,
        "authors": several(whole({"name": STRING})),
        "items": several(whole({
            "id": told(STRING, "The same for ever, whatever copies come."), "url": STRING,
            "external_url": STRING, "title": STRING, "content_text": STRING, "summary": STRING,
            "date_published": STRING, "authors": several(whole({"name": STRING})),
            "tags": several(STRING), "language": STRING,
        }, optional=("external_url", "summary", "date_published", "authors", "tags"))),
    }, optional=("description",)),
    "Problem": whole({
        "type": STRING, "title": STRING, "status": {"type": "integer"},
        "detail": told(STRING, "What is wrong, with the value shown, and what to do."),
        "works": several(whole({"id": ID, "title": STRING}),
                         "Of a piece that is gone: those that it went into."),
    }, optional=("works",), says="Problem details, as RFC 9457 has them."),
    "OpenApi": {"type": "object", "required": ["openapi", "info", "paths"]},
}  # fmt: skip
