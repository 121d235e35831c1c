"""`Index`: the small interface by which everything else asks the engine."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from searchapp.documents import Guide
from searchapp.engine.explaining import Explanation
from searchapp.engine.generations import (
    Generation,
    current_name,
    current_state,
    newest_good,
    states_of,
)
from searchapp.engine.past import recall, was_known
from searchapp.engine.results import Hit, Results, Site, TagInfo, WayOut, WorkPage
from searchapp.engine.search import Reader, is_key
from searchapp.engine.vitals import Vitals, count_skipped, is_whole, why_refused
from searchapp.engine.ways_out import find_ways_out
from searchapp.errors import IndexUnusableError
from searchapp.query import Query

Question = tuple[Query, int, bool, bool]  # a query, how many hits, whether with snippets and facets

BROWSING: Question = (Query(), 20, True, True)
WARMED_BY = 8  # questions that are asked of a newer generation first
PATIENCE = 0.05  # seconds


def open_index(path: str | Path) -> "Index":
    """Open the latest good generation of the index in the folder `path`.

    Raises IndexUnusableError where there is none, saying why.
    """
    return Index(Path(path))


class Index:
    """An index that answers queries; safe to share between threads.

    `refresh` moves to a newer generation by swapping one reference; answers that are being
    made keep the one they began with. Before, the newer one is asked what was asked last: what
    it reads from disk and works out once, no visitor waits for.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._looked = time.monotonic()
        self._swapping = threading.Lock()
        self._skipped: int | None = None
        self._spoiled = False  # a file of what is open was written to, and answers may be wrong
        self._seen = current_state(path)
        self._asked: deque[Question] = deque([BROWSING], WARMED_BY)
        self._open(newest_good(path))
        self._refused = why_refused(path, self._reader.generation)

    def _open(self, generation: Generation, *asked: Question) -> None:
        """Let `generation` answer from now on, after it was asked what was asked last."""
        states = states_of(generation)
        reader = Reader(generation)
        for question in asked:
            reader.answer(*question)
        self._states, self._reader = states, reader
        self._skipped = None
        self._spoiled = False

    @property
    def vitals(self) -> Vitals:
        """What a watcher is told: the generation that answers, its counts, and what is wrong."""
        generation = self._reader.generation
        if self._skipped is None:  # the report may be long, and visitors never need it
            self._skipped = count_skipped(generation)
        counts = generation.manifest["counts"]
        return Vitals(
            generation.number, self.built, int(counts["documents"]), int(counts["works"]),
            self._skipped, self._refused,
        )  # fmt: skip

    @property
    def generation(self) -> int:
        """The number of the generation that answers."""
        return self._reader.generation.number

    @property
    def built(self) -> str:
        """When it was built, as ISO 8601 in UTC."""
        return self._reader.built

    @property
    def site(self) -> Site:
        """What the owner says of the whole."""
        return self._reader.site

    @property
    def pieces(self) -> int:
        """How many works there are."""
        return self._reader.rows

    def search(
        self,
        words: str = "",
        *,
        limit: int = 20,
        page: int = 1,
        sort: str | None = None,
        snippets: bool = True,
        facets: bool = True,
        **filters: str | list[str],
    ) -> Results:
        """Search for `words` among the works that pass `filters`.

        Filters are named by facet (`tag=["moe"]`, `year="2024"`), exclusions by `not_` and
        the facet. The last word counts as a prefix unless a space follows it. Who needs no
        `snippets`, or no counts of `facets`, is answered faster. Raises ValueError for an
        unknown facet or sort, and for a limit or page under 1.
        """
        if limit < 1 or page < 1:
            raise ValueError(f"limit is {limit} and page {page}; both begin with 1")
        excluded = {k.removeprefix("not_"): v for k, v in filters.items() if k.startswith("not_")}
        chosen = {k: v for k, v in filters.items() if not k.startswith("not_")}
        query = Query.of(words, chosen, excluded, sort, page)
        return self.answer(query, limit=limit, snippets=snippets, facets=facets)

    def answer(
        self, query: Query, *, limit: int = 20, snippets: bool = True, facets: bool = True
    ) -> Results:
        """Answer a query; `hits` hold at most `limit` works of the query's page."""
        asked = (query, limit, snippets, facets)
        if asked != self._asked[-1]:
            self._asked.append(asked)
        return self._reader.answer(*asked)

    def explain(self, results: Results) -> dict[str, Explanation]:
        """Return why each hit of an answer stands where it does, by its id.

        Nothing for a query without words, nor where a newer generation answers by now.
        """
        reader = self._reader
        if reader.generation.number != results.generation:
            return {}
        return reader.explain(results.query, [hit.id for hit in results.hits])

    def ways_out(self, results: Results) -> tuple[WayOut, ...]:
        """Return what would be found without each part of a question that found little.

        Nothing where more than a few works were found, or where that would find no more.
        """
        reader = self._reader
        if reader.generation.number != results.generation:
            return ()
        return find_ways_out(results, reader.count)

    def work(self, key: str) -> WorkPage | None:
        """Return the work that has a document of that key, or None."""
        return self._reader.work(key)

    def knew(self, key: str) -> bool:
        """Whether a kept older generation had a document of that key."""
        return is_key(key) and was_known(self.path, int(key, 16))

    def recall(self, key: str) -> Hit | None:
        """Return the work of a document that is gone, as a kept older generation had it."""
        return recall(self.path, int(key, 16)) if is_key(key) else None

    def rendered(self) -> Iterator[Hit]:
        """Yield the works whose text is here to be read, not only elsewhere."""
        return self._reader.rendered()

    def tags(self) -> tuple[TagInfo, ...]:
        """Return all tags that some work has, most used first."""
        return self._reader.tags

    def tag(self, name: str) -> TagInfo | None:
        """Return the tag of that name, in any spelling or by an alias, or None."""
        return self._reader.tag(name)

    def taggings(self) -> list[tuple[str, ...]]:
        """Return the tags of each work that has some."""
        return self._reader.facets["tag"].values_by_work()

    def guide(self) -> Guide:
        """Return what leads through the tags: the owner's bundles, and the map."""
        return self._reader.guide

    def label(self, facet: str, value: str) -> str:
        """Return how a facet's value is shown to a reader."""
        return self._reader.label(facet, value)

    def nearest(self, facet: str, value: str) -> tuple[str, ...]:
        """Return the values that one which no work has may be meant to be; of a known one none."""
        return self._reader.nearest(facet, value)

    def has_image(self, path: str) -> bool:
        """Whether a rendered piece shows the image at `path` below the content folder."""
        return self._reader.has_image(path)

    def refresh(self) -> bool:
        """Move to the newest good generation; return whether that was another one.

        A damaged newer one is left alone, and the one that is open goes on answering, also
        where all files are gone. An index that was made anew begins at generation 1 again, and
        is moved to as well. Where the open one was written to, an older one takes its place.

        Raises IndexUnusableError where it was, and none is left that could answer.
        """
        with self._swapping:
            seen = current_state(self.path)
            self._spoiled = self._spoiled or (self._is_changed() and not self._is_whole())
            if seen == self._seen and not self._spoiled:
                return False
            self._seen = seen
            try:
                newest = newest_good(self.path)
            except IndexUnusableError as error:
                self._refused = str(error)
                if self._spoiled:
                    raise
                return False
            may_move = self._spoiled or newest.path.name == current_name(self.path)
            moves = may_move and newest != self._reader.generation
            if moves:
                self._open(newest, BROWSING, *self._asked.copy())
            self._refused = why_refused(self.path, self._reader.generation)
            return moves

    def _is_changed(self) -> bool:
        """Whether a file of the open generation is another than when it was opened.

        Files that are gone change nothing: what was opened stays until it is closed.
        """
        return states_of(self._reader.generation) not in (None, self._states)

    def _is_whole(self) -> bool:
        """Whether changed files still say the same: their times alone may be others."""
        self._states = states_of(self._reader.generation)
        return is_whole(self._reader.generation)

    def refresh_at_times(self, seconds: float = 1.0, patience: float = PATIENCE) -> None:
        """Refresh, but look at the folder at most once in so many seconds.

        Who finds a newer generation there waits for it for `patience`, in seconds. If it is not
        ready by then, which a great one is not, answers come from the older one until it is.
        Raises IndexUnusableError as `refresh` does.
        """
        now = time.monotonic()
        if now - self._looked < seconds and not self._spoiled:
            return
        self._looked = now
        if self._spoiled or self._is_changed():
            self.refresh()  # at once: what is open may be wrong
            return
        if current_state(self.path) != self._seen and not self._swapping.locked():
            moving = threading.Thread(target=self.refresh, name="refresh", daemon=True)
            moving.start()
            moving.join(patience)
