"""Faults that a server is started with, so that a proof which asks it can be shown red.

Each is called in the server's process before anything is served.
"""

import itertools
import os
import sys
from dataclasses import replace
from typing import Any

from searchapp.engine import Index
from searchapp.engine.search import Reader
from searchapp.engine.store import Store
from searchapp.web import create_app

pages: Any = sys.modules[create_app.__module__ + ".pages"]  # the package's `pages` is a blueprint
_kept: list[Any] = []


def fail_at_times() -> None:
    """Fail at every third search page."""
    asked, answer = itertools.count(1), pages.show_results

    def show(*args: Any) -> Any:
        if next(asked) % 3 == 0:
            raise RuntimeError("planted")
        return answer(*args)

    pages.show_results = show


def leak_memory() -> None:
    """Keep a quarter of a megabyte of each search page."""
    answer = pages.show_results

    def show(*args: Any) -> Any:
        _kept.append(os.urandom(1 << 18))
        return answer(*args)

    pages.show_results = show


def keep_generations_open() -> None:
    """Keep the file of each generation, as a store did that was not closed with it."""
    begin = Store.__init__

    def keep(self: Store, path: Any) -> None:
        begin(self, path)
        _kept.append(self._connection)

    Store.__init__ = keep  # type: ignore[method-assign]
    Store.__del__ = lambda self: None  # type: ignore[method-assign]


def mix_generations() -> None:
    """Answer with the facets of the generation before."""
    answer, before = Reader._answer, dict[str, Any]()

    def mix(self: Reader, *args: Any) -> Any:
        results = answer(self, *args)
        facets = before.setdefault("facets", results.facets)
        return replace(results, facets=facets)

    Reader._answer = mix  # type: ignore[method-assign]


def share_answers() -> None:
    """Answer at times what another asked for."""
    asked, before = itertools.count(), dict[str, Any]()
    answer = Index.answer

    def share(self: Index, *args: Any, **named: Any) -> Any:
        results = answer(self, *args, **named)
        last = before.get("last", results)
        before["last"] = results
        return last if next(asked) % 5 == 0 else results

    Index.answer = share  # type: ignore[method-assign]
