"""Proof "damage": whatever happens to the files of a generation is seen before it answers.

    index/gen-1, gen-2 (current) --one damage to gen-2--> opened: gen-1 answers, and rightly

Every second damage is done to a generation that was verified before, so that only its files'
states tell. Pickles are planted where opening a Whoosh index would execute them.
"""

import contextlib
import os
import pickle
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.torture.actors import ask, expected_answers, start_build, write_version
from benchmarks.torture.proof import Finding, Proof, trials
from searchapp import SearchappError, open_index
from searchapp.engine import generations
from searchapp.engine.generations import verify

DAMAGES = 1_000

Chance = random.Random


def flip(paths: list[Path], chance: Chance) -> None:
    """Turn one bit."""
    path = chance.choice(paths)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def truncate(paths: list[Path], chance: Chance) -> None:
    """Cut a file anywhere."""
    path = chance.choice(paths)
    os.truncate(path, chance.randrange(path.stat().st_size))


def zero(paths: list[Path], chance: Chance) -> None:
    """Set a block of 512 bytes to zero, where it was not."""
    path = chance.choice(paths)
    content = bytearray(path.read_bytes())
    at = chance.randrange(max(1, len(content) - 511))
    if not any(content[at : at + 512]):
        return flip(paths, chance)
    content[at : at + 512] = bytes(len(content[at : at + 512]))
    path.write_bytes(content)
    return None


def swap(paths: list[Path], chance: Chance) -> None:
    """Give two files of different content each other's names."""
    one = chance.choice(paths)
    others = [path for path in paths if path.read_bytes() != one.read_bytes()]
    other = chance.choice(others)
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def delete(paths: list[Path], chance: Chance) -> None:
    """Remove a file."""
    chance.choice(paths).unlink()


def add(paths: list[Path], chance: Chance) -> None:
    """Put one more file beside another."""
    chance.choice(paths).with_name(f"more-{chance.randrange(99)}.npy").write_bytes(b"\x93NUMPY")


KINDS: tuple[Callable[[list[Path], Chance], None], ...] = (flip, truncate, zero, swap, delete, add)


def prove_damage(
    scale: float, folder: Path, check: Callable[[Path], object] = verify
) -> Iterator[Finding]:
    """Damage a generation again and again; `check` is what has to see it."""
    answers = expected_answers(folder)
    content, index = folder / "content", folder / "index"
    for version in (0, 1):
        write_version(content, version)
        start_build(content, index).end()
    number = trials(DAMAGES, scale, least=len(KINDS) * 2)
    missed, wrong, done = _damage(index, folder / "damaged", answers, number, check)
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(done.items()))
    yield Finding("damages seen when it is opened", f"{number} of {number}",
                  f"{number - len(missed)} ({told})", not missed)  # fmt: skip
    yield Finding("wrong answers after them", "0", f"{len(wrong)}{wrong[:3] or ''}", not wrong)
    executed = [place for place in ("toc", "segments") if _executes(folder, content, index, place)]
    yield Finding("planted pickles executed, by opening and by building", "0 of 2",
                  f"{len(executed)} of 2 {executed or ''}".strip(), not executed)  # fmt: skip


def _damage(
    index: Path, copy: Path, answers: tuple[str, ...], number: int, check: Callable[[Path], object]
) -> tuple[list[str], list[str], Counter[str]]:
    chance = random.Random(1_000)  # seeded
    missed, wrong = [], []
    done: Counter[str] = Counter()
    true, generations.verify = generations.verify, check  # type: ignore[assignment]
    try:
        for trial in range(number):
            damage = KINDS[trial % len(KINDS)]
            _copy(index, copy, verified=trial // len(KINDS) % 2 == 0)
            paths = sorted(p for p in (copy / "gen-2").rglob("*") if p.is_file())
            damage([path for path in paths if path.stat().st_size], chance)
            done[damage.__name__] += 1
            try:
                opened = open_index(copy)
                version, digest = ask(opened)
            except Exception as error:
                missed.append(f"{trial} {damage.__name__}: {type(error).__name__}")
                continue
            if opened.generation != 1:
                missed.append(f"{trial} {damage.__name__}")
            if version < 0 or digest != answers[version]:
                wrong.append(f"{trial} {damage.__name__}")
    finally:
        generations.verify = true
    return missed, wrong, done


def _copy(index: Path, copy: Path, *, verified: bool) -> None:
    """Copy an index; `verified` ones are opened once, so that the states of files are noted."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(index, copy, ignore=shutil.ignore_patterns("cache", "verified.json"))
    if verified:
        open_index(copy)


class Bomb:
    """Leaves a file behind if it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.path),)


def _executes(folder: Path, content: Path, index: Path, place: str) -> bool:
    """Plant a pickle in the current generation; open the index and build it, as is and changed."""
    exploded = folder / f"exploded-{place}"
    victim = folder / f"planted-{place}"
    shutil.rmtree(victim, ignore_errors=True)
    shutil.copytree(index, victim)  # with its cache: the next build would take Whoosh's files over
    (toc,) = (victim / "gen-2" / "whoosh").glob("*.toc")
    toc.write_bytes(_with_pickle(toc.read_bytes(), pickle.dumps(Bomb(exploded), 2), place))
    with contextlib.suppress(SearchappError):
        open_index(victim)
    for version in (1, 2):
        write_version(content, version)
        start_build(content, victim).end()
    return exploded.exists()


def _with_pickle(toc: bytes, bomb: bytes, place: str) -> bytes:
    """Return a TOC with `bomb` for its schema's pickle, or for that of its segments.

    Both begin with the mark of protocol 2 and end with a stop; the schema comes first.
    """
    first, last = toc.index(b"\x80"), toc.rindex(b"\x80\x02")
    return toc[:first] + bomb + toc[last:] if place == "toc" else toc[:last] + bomb


PROOF = Proof("damage", prove_damage)
