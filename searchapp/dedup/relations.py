"""Groups that are not merges: the parts of a series, translations, versions given again.

works --series, translations, versions--> the same works, and how they belong together

Each stays a piece of its own, counted apart; a visitor of one is shown the way to the others.
"""

from collections.abc import Iterable, Sequence

from searchapp.dedup.model import Likeness
from searchapp.dedup.series import find_series, place_in_series
from searchapp.dedup.translations import find_translations
from searchapp.dedup.versions import find_versions
from searchapp.documents import Relation, Work


def relate_works(
    works: Sequence[Work], alike: Iterable[Likeness] = ()
) -> tuple[list[Work], tuple[Relation, ...]]:
    """Return works with their places in series, and the relations between them.

    `alike` are pairs of documents with nearly the same text, which were not joined.
    """
    works = sorted(works, key=lambda work: work.id)
    places, series = find_series(works)
    relations = (*series, *find_translations(works), *find_versions(works, alike))
    return place_in_series(works, places), relations
