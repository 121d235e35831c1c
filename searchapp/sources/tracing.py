"""Notes what a file was told of its surroundings, so that a cached reading knows when it is old.

A post's HTML depends on more than its bytes: on which posts and images its links lead to, and
on the day. Each answer is noted as it is given; while all would be the same, so is the HTML.
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from searchapp.sources.events import Event, Surroundings, Task
from searchapp.sources.posts import Posts
from searchapp.sources.resolving import IMAGE_ENDINGS, is_file_inside

# What was asked (key of the post at a path or with a name, whether an image is there, how today
# compares with a day), and of what.
Question = tuple[str, str]
Answers = dict[Question, str | bool | None]


class _TracedDay(dt.date):
    """Today, noting each day that it is compared with, and how that went."""

    answers: Answers

    def __lt__(self, other: dt.date) -> bool:
        return self._note("<", other, dt.date.__lt__(self, other))

    def __le__(self, other: dt.date) -> bool:
        return self._note("<=", other, dt.date.__le__(self, other))

    def __gt__(self, other: dt.date) -> bool:
        return self._note(">", other, dt.date.__gt__(self, other))

    def __ge__(self, other: dt.date) -> bool:
        return self._note(">=", other, dt.date.__ge__(self, other))

    def __eq__(self, other: object) -> bool:
        same = dt.date.__eq__(self, other)
        return self._note("==", other, same) if isinstance(other, dt.date) else same

    __hash__ = dt.date.__hash__

    def _note(self, sign: str, other: dt.date, answer: bool) -> bool:
        self.answers[sign, dt.date(other.year, other.month, other.day).isoformat()] = answer
        return answer


_SIGNS = {"<": dt.date.__lt__, "<=": dt.date.__le__, ">": dt.date.__gt__, ">=": dt.date.__ge__,
          "==": dt.date.__eq__}  # fmt: skip


class _TracedPosts(Posts):
    """The keys of all posts, noting each path and name that is looked up.

    What asks for all of them would be read again with each new post, and so is refused.
    """

    def __init__(self, known: Posts, content: Path, answers: Answers) -> None:
        self.known, self.content, self.answers = known, content, answers

    def __getitem__(self, path: str) -> str:
        for question in ("key", "image") if path.lower().endswith(IMAGE_ENDINGS) else ("key",):
            self.answers[question, path] = _ask(question, path, self.known, self.content)
        return self.known[path]

    def named(self, name: str) -> str | None:
        """Return the key of the one post with a name."""
        key = self.known.named(name)
        self.answers["name", name] = key
        return key

    def __iter__(self) -> Iterator[str]:
        raise TypeError("a file asks for single posts only; give Posts a question for more")

    def __len__(self) -> int:
        raise TypeError("a file asks for single posts only; give Posts a question for more")


@dataclass(frozen=True, slots=True)
class Trace:
    """Surroundings that note what is asked of them while one file is read."""

    around: Surroundings
    answers: Answers = field(default_factory=dict)

    def surroundings(self) -> Surroundings:
        """Return the surroundings to read with."""
        configuration, today = self.around.configuration, self.around.configuration.today
        if today:
            traced = _TracedDay(today.year, today.month, today.day)
            traced.answers = self.answers
            configuration = replace(configuration, today=traced)
        keys = _TracedPosts(self.around.keys, self.around.content, self.answers)
        return replace(self.around, configuration=configuration, keys=keys)


def read_traced(task: Task, around: Surroundings) -> Iterator[Event]:
    """Yield what a file gives, and at last the answers that it was read with."""
    from searchapp.sources.making import read_file  # noqa: PLC0415  # to ask again needs no reader

    trace = Trace(around)
    yield from read_file(task, trace.surroundings())
    asked = [[question, of, answer] for (question, of), answer in trace.answers.items()]
    yield Event("answers", None, json.dumps(asked))


def answers_hold(asked: str, around: Surroundings) -> bool:
    """Tell whether all that was asked once would be answered the same now."""
    for question, of, answer in json.loads(asked) if asked != "[]" else ():
        if question in _SIGNS:
            today = around.configuration.today
            now: object = today and _SIGNS[question](today, dt.date.fromisoformat(of))
        else:
            now = _ask(question, of, around.keys, around.content)
        if now != answer:
            return False
    return True


def _ask(question: str, of: str, posts: Posts, content: Path) -> str | bool | None:
    if question == "key":
        return posts.get(of)
    return posts.named(of) if question == "name" else is_file_inside(content / of, content)
