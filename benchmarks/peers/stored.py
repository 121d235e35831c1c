"""What peers store of a post, to show it in a result."""

from searchapp.documents import Work


def stored(work: Work) -> dict[str, str]:
    """Return what a result shows beside its facets' values."""
    return {
        "id": work.id,
        "title": work.title,
        "url": next((place.url for place in work.places if place.url), ""),
        "date": work.date.isoformat() if work.date else "",
        "minutes": str(work.minutes),
        "summary": work.summary,
    }
