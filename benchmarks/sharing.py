"""One opened index, asked by many threads at once: each answer must be that of one alone."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.figures import Figure
from benchmarks.peers import Answer, Ask, Question, Stopwatch

THREADS = 16
SHARING = Figure(f"{THREADS} threads on one opened index", None, "0 errors, 0 wrong", 0)


@dataclass(frozen=True)
class Shared:
    """What came of it: answers in all, exceptions, and answers that were not the right ones."""

    answers: int
    errors: int
    wrong: int
    processor: float
    wall: float


def ask_from_threads(alone: Ask, shared: Ask, questions: Sequence[Question]) -> Shared:
    """Have every thread ask all `questions`, each beginning elsewhere."""
    right = [_bare(alone(question)) for question in questions]
    errors, wrong = [], []
    begin = threading.Barrier(THREADS)

    def ask_all(number: int) -> None:
        begin.wait()
        first = number * len(questions) // THREADS
        for i in (*range(first, len(questions)), *range(first)):
            try:
                if _bare(shared(questions[i])) != right[i]:
                    wrong.append(i)
            except Exception as error:  # whatever it is, it is counted
                errors.append(error)

    threads = [threading.Thread(target=ask_all, args=(n,)) for n in range(THREADS)]
    with Stopwatch() as watch:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    took = watch.took
    asked = THREADS * len(questions)
    return Shared(asked, len(errors), len(wrong), took.processor, took.wall)


def _bare(answer: Answer) -> Answer:
    return replace(answer, took=None)


def describe_sharing(shared: Shared) -> str:
    """Return a line on what came of it."""
    each = shared.answers / shared.processor * 1000
    return (
        f"{THREADS} threads on one opened index: {shared.answers:,} answers, {shared.errors} "
        f"errors, {shared.wrong} wrong; {each:,.0f} a second of processor time"
    )
