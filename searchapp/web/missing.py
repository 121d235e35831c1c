"""Notes the searches that found nothing, where the owner wants to know them.

Only what was sent on purpose counts: a page that was asked for, or a part of it that htmx asked
for because the form was submitted (our script says so in a header). What was asked for while
somebody typed is no search yet.
"""

from flask import current_app, request

from searchapp.engine.results import Results
from searchapp.query import Query
from searchapp.searches import SearchLog
from searchapp.web.variants import wants_partial

SUBMITTED = "X-Submitted"


def note_search(asked: Query, results: Results) -> None:
    """Note a search for words alone that no piece has all of."""
    noted: SearchLog | None = current_app.extensions["searches"]
    if noted is not None and _was_sent() and _is_of_words(asked) and found_nothing(results):
        noted.note(asked.words)


def found_nothing(results: Results) -> bool:
    """Whether no piece has all the words, also where some have a part of them."""
    return not results.total or any(part.role == "dropped" for part in results.understood)


def _was_sent() -> bool:
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    was_typed = wants_partial() and SUBMITTED not in request.headers
    return request.method == "GET" and not is_ahead and not was_typed


def _is_of_words(asked: Query) -> bool:
    """Whether it is about words: a filter may hide what there is, and a page is turned."""
    return bool(asked.words.strip()) and not asked.has_filters and asked.page == 1
