"""Whether two documents are said to be by different people."""

from collections.abc import Iterable

from searchapp.documents import Document


def authors_differ(a: Document, b: Document) -> bool:
    """Whether both name their authors, and none in common."""
    return bool(a.authors and b.authors) and not fold_names(a.authors) & fold_names(b.authors)


def fold_names(authors: Iterable[str]) -> set[str]:
    """Return names without case and doubled spaces."""
    return {" ".join(author.casefold().split()) for author in authors}
