"""How short texts begin: those that begin alike are compared, to find versions of one piece."""

from searchapp.documents import Document

SHORT, OPENING = 600, 5  # characters of a blurb, and words with which two begin alike
MOST = 12  # works that begin alike, or under one title; of more, it is a column's name
FEWEST = 12  # runs of words in a text that can be compared


def opening_of(document: Document) -> str:
    """Return the first words of a short text, "" of a longer one, which `alike` compares."""
    words = document.opening.lower().split() if document.length <= SHORT else []
    return " ".join(words[:OPENING]) if len(words) >= OPENING else ""
