"""Generations: a build never touches what is served, and readers swap one reference.

    index/build.lock            held by the one running build (flock, dies with it)
    index/gen-8.tmp/            being built
    index/gen-7/manifest.json   stamps, counts, size and sha256 of every file
    index/CURRENT               "gen-7", replaced atomically, last of all
    index/verified.json         files as they were when their hashes were last checked

Order of a publish: files and folders of gen-8.tmp synced, renamed to gen-8, index/ synced,
CURRENT.tmp written and synced, renamed over CURRENT, index/ synced, old generations removed.
Where that last sync fails, CURRENT is put back: a build that fails has published nothing.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp import failing
from searchapp.engine.files import State, describe, describe_all, files_below, join, state_of, walk
from searchapp.errors import IndexBusyError, IndexUnusableError, SearchappError
from searchapp.fields import FACETS, TEXT_FIELDS
from searchapp.versions import PYTHON, version_of

ANALYZER = 3  # raise it when a rule in analysis.py changes
FORMAT = 13  # raise it when arrays or works.sqlite change their shape, or what is taken over
KEPT = 3

_NAME = re.compile(r"gen-(\d+)$")


def current_stamps() -> dict[str, str]:
    """Return what an index must have been built with for this code to serve it."""
    declared = [(f.name, f.weight, f.b) for f in TEXT_FIELDS], [f.name for f in FACETS]
    return {
        "format": str(FORMAT),
        "schema": hashlib.sha256(repr(declared).encode()).hexdigest()[:12],
        "analyzer": f"{ANALYZER}/{version_of('PyStemmer')}",
        "whoosh": version_of("whoosh"),
        "python": PYTHON.rpartition(".")[0],
    }


@dataclass(frozen=True)
class Generation:
    """A published generation: its folder, and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def number(self) -> int:
        """Its place in the order of builds, from 1."""
        return number_of(self.path)


def number_of(path: Path) -> int:
    """Return the N of `gen-N`."""
    match = _NAME.search(path.name)
    return int(match[1]) if match else 0


def list_generations(index: Path) -> list[Path]:
    """Return the folders of all generations in `index`, the newest first."""
    found = [path for path in index.glob("gen-*") if _NAME.match(path.name) and path.is_dir()]
    return sorted(found, key=number_of, reverse=True)


@contextmanager
def lock_for_building(index: Path) -> Iterator[None]:
    """Hold the one lock on building in `index`; leftovers of killed builds are removed.

    Raises IndexBusyError at once where another build holds it.
    """
    try:
        index.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(index / "build.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SearchappError(
            f"{index}: cannot be written ({error.strerror}); choose another folder with --index"
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusyError(
                f"{index}: another build is running; wait until it has ended"
            ) from error
        remove_leftovers(index)
        _prune(index)
        failing.reach("locked")
        try:
            with _own_files_only():
                yield
        except BaseException:  # Ctrl-C among them
            with suppress(OSError):  # what went wrong first is told
                remove_leftovers(index)
            raise
    finally:
        os.close(handle)


def remove_leftovers(index: Path) -> None:
    """Remove what a build began and did not publish; the lock must be held."""
    for pattern in ("gen-*.tmp", "*.json.tmp", "CURRENT.tmp", "origin.tmp", "cache/*.tmp"):
        for leftover in index.glob(pattern):
            _remove(leftover)


@contextmanager
def _own_files_only() -> Iterator[None]:
    """Let whatever a build writes, by whichever library, be read and written by its user alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def start_generation(index: Path) -> Path:
    """Make the empty folder for the next generation; the lock must be held."""
    numbers = [number_of(path) for path in list_generations(index)]
    path = index / f"gen-{max([_current_number(index), *numbers]) + 1}.tmp"
    path.mkdir(mode=0o700)
    return path


def publish(folder: Path, counts: Mapping[str, int], fingerprint: str) -> Generation:
    """Seal the finished `folder` with a manifest and make it the current generation.

    `fingerprint` names the content that it was built from. All is synced to disk before
    CURRENT moves, so that no power cut leaves CURRENT at a half-written generation.
    """
    index = folder.parent
    manifest = {
        "stamps": current_stamps(),
        "counts": dict(counts),
        "fingerprint": fingerprint,
        "files": describe_all(folder),
    }
    (folder / "manifest.json").write_text(_seal(manifest), encoding="ascii")
    failing.reach("sealed")
    for name in files_below(folder):
        (folder / name).chmod(0o600)  # Whoosh gives its lock the right to be executed
        _sync(folder / name)
    for path, _, _ in walk(folder):
        _sync(Path(path))
    failing.reach("synced")
    final = folder.with_name(folder.name.removesuffix(".tmp"))
    folder.rename(final)
    _sync(index)
    failing.reach("renamed")
    _point_at(final)
    failing.reach("current")
    generation = Generation(final, manifest)
    _remember_as_verified(generation)
    failing.reach("verified")
    with suppress(OSError):  # it is published; the next build removes what is too old
        _prune(index)
    failing.reach("pruned")
    return generation


def _point_at(generation: Path) -> None:
    """Have CURRENT name a generation; where that cannot be synced, what it named before.

    Raises OSError. A build that fails has changed nothing that is served.
    """
    current = generation.with_name("CURRENT")
    before = current.read_bytes() if current.exists() else b""  # damaged ones, too
    try:
        _write_atomically(current, f"{generation.name}\n".encode("ascii"))
    except OSError:
        with suppress(OSError):  # a disk that takes nothing at all leaves it as it is
            if not before:
                current.unlink()
            elif current.read_bytes() != before:
                _write_atomically(current, before)
        raise


def _prune(index: Path) -> None:
    """Remove generations that are too old; none that is served, whatever was renamed after it."""
    current = _current_number(index)
    older = [path for path in list_generations(index) if number_of(path) < current]
    for old in older[KEPT - 1 :]:
        _remove(old)


def newest_good(index: Path) -> Generation:
    """Return the current generation, or the newest older one where that is damaged.

    Raises IndexUnusableError, saying why, where none can be served.
    """
    reasons: list[str] = []
    try:
        any(index.iterdir())  # a folder that may not be read looks empty to glob
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise IndexUnusableError(
            f"{index}: it cannot be read ({error.strerror}); serve it as the user who built it"
        ) from error
    current = _current_number(index)
    for path in list_generations(index):
        if current and number_of(path) > current:  # renamed, but never made current
            continue
        try:
            return verify(path)
        except IndexUnusableError as error:
            reasons.append(str(error))
    if reasons:
        raise IndexUnusableError(reasons[0])
    raise IndexUnusableError(
        f"{index}: there is no index; run `searchapp build --content DIR`, where DIR has your "
        "writing, or name the index that you mean: --index DIR"
    )


def verify(path: Path) -> Generation:
    """Return the generation in `path` if it is of this version and each file is whole.

    Hashes are computed again unless every file still has the size, times and inode that it
    had when they last were.
    """
    manifest, is_whole = _read_manifest(path)
    for name, stamp in current_stamps().items():
        found = manifest["stamps"].get(name)
        if found != stamp:
            raise IndexUnusableError(
                f"{path}: it was built by another version ({name} is {found!r}, not {stamp!r}); "
                "run `searchapp build`"
            )
    if not is_whole:
        raise IndexUnusableError(f"{path / 'manifest.json'}: it is damaged; {_REMEDY}")
    generation = Generation(path, manifest)
    try:
        found_files = set(files_below(path)) - {"manifest.json"}
    except OSError as error:
        raise IndexUnusableError(f"{path}: it cannot be read ({error.strerror})") from error
    if manifest["files"].keys() != found_files:
        raise IndexUnusableError(f"{path}: its files are not those of its manifest; {_REMEDY}")
    states = _states(generation)
    if _read_verified(path.parent).get(path.name) == states:
        return generation
    for name, described in manifest["files"].items():
        if describe(file := join(path, name)) != described:
            raise IndexUnusableError(f"{file}: it is damaged; {_REMEDY}")
    _remember_as_verified(generation)
    return generation


_REMEDY = "run `searchapp build --full`"


def read_published(index: Path) -> tuple[dict[str, int], dict[str, Any]]:
    """Return the counts and the report of what CURRENT names; nothing where it cannot be read.

    One of another version tells them too, though it cannot be served any more.
    """
    path = index / (current_name(index) or "gen-0")
    try:
        manifest, _ = _read_manifest(path)
        return manifest["counts"], dict(json.loads((path / "report.json").read_text("utf-8")))
    except (IndexUnusableError, OSError, ValueError, TypeError, RecursionError):
        return {}, {}


def current_name(index: Path) -> str | None:
    """Return what CURRENT says, None where there is none."""
    try:
        return (index / "CURRENT").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def current_state(index: Path) -> State:
    """Return what changes with each publish; looking at it costs one call. Empty: no CURRENT."""
    try:
        return state_of(index / "CURRENT")
    except OSError:
        return []


def _current_number(index: Path) -> int:
    name = current_name(index)
    return number_of(Path(name)) if name else 0


def _seal(manifest: Mapping[str, Any]) -> str:
    """Return a manifest as it is written: with a hash of itself, as nothing else guards it."""
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    return json.dumps({**manifest, "seal": digest}, indent=1, sort_keys=True)


def _read_manifest(path: Path) -> tuple[dict[str, Any], bool]:
    """Return the manifest of a generation, and whether it is whole.

    One of another version may be whole in that version's way, so the stamps come first.
    """
    try:
        text = (path / "manifest.json").read_text(encoding="ascii")
        manifest = dict(json.loads(text))
        if all(isinstance(manifest[name], dict) for name in ("stamps", "counts", "files")):
            manifest.pop("seal", None)
            return manifest, _seal(manifest) == text
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        pass
    raise IndexUnusableError(f"{path}: its manifest cannot be read; {_REMEDY}")


def _states(generation: Generation) -> dict[str, State]:
    path = generation.path
    try:
        names = (*generation.manifest["files"], "manifest.json")
        return {name: state_of(join(path, name)) for name in names}
    except OSError as error:
        raise IndexUnusableError(f"{path}: a file is gone ({error.strerror}); {_REMEDY}") from error


def states_of(generation: Generation) -> dict[str, State] | None:
    """Return size, times and inode of each file of a generation, None where one is gone."""
    try:
        return _states(generation)
    except IndexUnusableError:
        return None


def _read_verified(index: Path) -> dict[str, dict[str, State]]:
    try:
        known = json.loads((index / "verified.json").read_text(encoding="ascii"))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}


def _remember_as_verified(generation: Generation) -> None:
    """Note the state of the files just checked; a read-only folder only costs the next check."""
    index = generation.path.parent
    known = {name: states for name, states in _read_verified(index).items()
             if (index / name).is_dir()}  # fmt: skip
    known[generation.path.name] = _states(generation)
    with suppress(OSError):
        _write_atomically(index / "verified.json", json.dumps(known).encode("ascii"))


def _write_atomically(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.tmp")
    with beside.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    if path.name == "CURRENT":
        failing.reach("written-beside")
    with _opened(path.parent) as folder:  # before the rename, which it must not fail after
        beside.replace(path)
        os.fsync(folder)


def _sync(path: Path) -> None:
    with _opened(path) as handle:
        os.fsync(handle)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open a file or a folder to sync it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
