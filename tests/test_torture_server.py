"""The proofs of the server, short: as it is, and with a fault that each has to show."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import planted
import pytest

from benchmarks.torture.endurance import find_slope, prove_endurance
from benchmarks.torture.fuzzing import answer, prove_fuzzing
from benchmarks.torture.grammar import Asker, Pair, Vocabulary
from benchmarks.torture.hostile_clients import prove_hostile_clients
from benchmarks.torture.proof import Finding
from benchmarks.torture.rebuilds import NICED, PLAIN, QUIET, prove_rebuilds
from benchmarks.torture.spending import Drawn, Fuzz, run_together
from benchmarks.torture.together import digest_results, prove_together
from searchapp.engine import Index

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")

SHORT = ((QUIET, NICED), (QUIET, PLAIN))

# Figures that depend on what else the machine does.
TIMED = ("99 of 100", "slowest", "memory", "p95", "p99", "routes")


def plant(fault: object) -> str:
    return f"{planted.__name__}:{fault.__name__}"  # type: ignore[attr-defined]


def unmet(findings: Iterable[Finding], but: Sequence[str] = TIMED) -> list[str]:
    return [
        f"{f.what}: {f.reached}, not {f.asked}"
        for f in findings
        if not f.is_met and not any(each in f.what for each in but)
    ]


def test_drawn_questions_and_requests_find_no_fault(content_index: Path, tmp_path: Path) -> None:
    assert unmet(prove_fuzzing(0.0003, tmp_path, [content_index])) == []


def test_a_question_that_fails_is_shown_by_the_proof(content_index: Path, tmp_path: Path) -> None:
    def fail(index: Index, args: Sequence[Pair], number: int) -> str:
        if any('"' in value for _, value in args):
            raise ValueError("planted")
        return answer(index, args, number)

    found = unmet(
        prove_fuzzing(0.0003, tmp_path, [content_index], fail, plant(planted.fail_at_times))
    )

    assert [line for line in found if "in process" in line and "planted" in line]
    assert [line for line in found if "over HTTP" in line and "answered 500" in line]


def test_a_slip_that_leaves_nothing_of_a_word_is_repeated_too() -> None:
    asker = Asker(Vocabulary(("a",), (("a", "b"),), {}, ()), seed=147)  # as "a" less a letter

    assert "" in {asker.typed() for _ in range(400)}


def test_a_child_that_cannot_draw_says_why(capfd: pytest.CaptureFixture[str]) -> None:
    def begin() -> Drawn:
        raise ZeroDivisionError("planted")

    (outcome,) = run_together([Fuzz(begin, 1)])

    assert outcome.faults == ["the child that asked ended with 1"]
    assert "ZeroDivisionError: planted" in capfd.readouterr().err


def test_hostile_clients_fail_no_honest_one(content_index: Path, tmp_path: Path) -> None:
    assert unmet(prove_hostile_clients(0.01, tmp_path, content_index)) == []


def test_a_server_that_fails_an_honest_client_is_shown_by_the_proof(
    content_index: Path, tmp_path: Path
) -> None:
    found = unmet(
        prove_hostile_clients(0.01, tmp_path, content_index, plant=plant(planted.fail_at_times))
    )

    assert [line for line in found if "honest client met" in line and "answered 500" in line]


def test_rebuilds_under_load_mix_no_answers(tmp_path: Path) -> None:
    assert unmet(prove_rebuilds(0.002, tmp_path, posts=30, turns=SHORT)) == []


def test_answers_that_mix_generations_are_shown_by_the_proof(tmp_path: Path) -> None:
    found = unmet(
        prove_rebuilds(0.002, tmp_path, plant(planted.mix_generations), 30, ((QUIET, NICED),))
    )

    assert [line for line in found if "mixed answers" in line]


def test_a_server_that_lasts_keeps_its_descriptors(tmp_path: Path) -> None:
    assert unmet(prove_endurance(0.01, tmp_path, seconds=0, asked=10, posts=30)) == []


def test_generations_that_stay_open_are_shown_by_the_proof(tmp_path: Path) -> None:
    leaking = plant(planted.keep_generations_open)

    found = unmet(prove_endurance(0.01, tmp_path, leaking, 0, asked=10, posts=30, settled=1))

    assert [line for line in found if "descriptors of the worker" in line]


def test_memory_that_grows_is_shown_by_the_proof(tmp_path: Path) -> None:
    leaking = plant(planted.leak_memory)

    found = unmet(
        prove_endurance(0.01, tmp_path, leaking, 0, asked=10, posts=30, settled=1), but=()
    )

    assert [line for line in found if "memory of the worker" in line]


def test_the_slope_of_memory_is_moved_by_no_single_look() -> None:
    assert find_slope([10, 11, 12, 90, 14, 15]) == 1
    assert find_slope([10, 10, 50, 10, 10]) == 0


def test_threads_and_clients_together_are_answered_as_if_alone(tmp_path: Path) -> None:
    assert unmet(prove_together(0.005, tmp_path, posts=40)) == []


def test_answers_that_are_mixed_up_are_shown_by_the_proof(tmp_path: Path) -> None:
    last: list[str] = []

    def mix_up(index: Index, args: Sequence[Pair]) -> str:
        last.append(digest_results(index, args))
        return last[len(last) % 2 - 2] if len(last) > 40 else last[-1]

    found = unmet(prove_together(0.005, tmp_path, plant(planted.share_answers), mix_up, posts=40))

    assert [line for line in found if "threads" in line and "differ" in line]
    assert [line for line in found if "clients" in line and "differ" in line]
