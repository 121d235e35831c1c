"""Files that harm by what they are: links, pipes, names, modes, and such as change when listed."""

import contextlib
import os
import random
import socket
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.torture.hostile_texts import Bad, Family, word_of


def empty(chance: random.Random) -> Iterator[Bad]:
    """Yield files without anything to read."""
    for turn in range(100):
        blank = "".join(chance.choices(" \n\t", k=turn))
        yield Bad(f"posts/empty-{turn}.md", blank, "held back")
        yield Bad(f"posts/marked-{turn}.md", b"\xef\xbb\xbf" + blank.encode(), "held back")
        yield Bad(f"posts/.hidden-{turn}.md", "Not an entry.", "unseen")
        yield Bad(f"posts/.folder-{turn}/post.md", "Not an entry.", "unseen")


def links(chance: random.Random) -> Iterator[Bad]:
    """Yield links out of the folder, into nothing, onto themselves, in circles, to folders."""
    for turn in range(100):
        for name, target in {
            "passwd": "/etc/passwd", "zero": "/dev/zero", "random": "/dev/urandom",
            "memory": "/proc/self/mem", "secret": "../../secret.md", "nowhere": f"gone-{turn}.md",
            "stairs": "../" * 40 + "etc/passwd",
        }.items():  # fmt: skip
            made = partial(_link, target=target)
            yield Bad(f"posts/link-{name}-{turn}.md", made, "skipped")
        yield Bad(f"posts/link-self-{turn}.md", partial(_link, target=f"link-self-{turn}.md"),
                  "skipped")  # fmt: skip
        yield Bad(f"posts/link-a-{turn}.md", partial(_link, target=f"link-b-{turn}.md"), "skipped")
        yield Bad(f"posts/link-b-{turn}.md", partial(_link, target=f"link-a-{turn}.md"), "skipped")
        yield Bad(f"posts/around-{turn}", partial(_link, target=chance.choice([".", ".."])),
                  "warned")  # fmt: skip
        yield Bad(f"posts/root-{turn}", partial(_link, target="/"), "warned")


def _link(path: Path, target: str) -> None:
    path.symlink_to(target)


def specials(chance: random.Random) -> Iterator[Bad]:
    """Yield pipes, sockets and devices, which block or never end where they are opened."""
    for turn in range(100):
        yield Bad(f"posts/pipe-{turn}.md", os.mkfifo, "skipped")
        yield Bad(f"feeds/pipe-{turn}.xml", os.mkfifo, "skipped")
        yield Bad(f"posts/socket-{turn}.md", _bind, "skipped")
        yield Bad(f"posts/device-{turn}.md", _make_device, "skipped")
        yield Bad(f"posts/sparse-{turn}.md", partial(_stretch, size=300 * 2**20), "skipped")


def _bind(path: Path) -> None:
    """Make a socket; its name may be too long to bind to where it lies."""
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(path.parent):
        made.bind(path.name)


def _make_device(path: Path) -> None:
    """Make a device that gives zeros without end; who may not, makes a pipe."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        os.mkfifo(path)


def _stretch(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)


def closed(chance: random.Random) -> Iterator[Bad]:
    """Yield files and folders that may not be read."""
    for turn in range(100):
        yield Bad(f"posts/closed-{turn}.md", partial(_close, mode=0), "skipped", needs_modes=True)
        yield Bad(f"lists/closed-{turn}.yaml", partial(_close, mode=0o222), "skipped",
                  needs_modes=True)  # fmt: skip
        yield Bad(f"posts/closed-folder-{turn}", _close_folder, "skipped", needs_modes=True)


def _close(path: Path, mode: int) -> None:
    path.write_text("# Closed\n\nNobody may read this.")
    path.chmod(mode)


def _close_folder(path: Path) -> None:
    path.mkdir()
    (path / "within.md").write_text("# Closed\n\nNobody may read this.")
    path.chmod(0)


def names(chance: random.Random) -> Iterator[Bad]:
    """Yield good posts under names that break a line, a terminal, a shell, an address, a key."""
    odd = (
        "new\nline", "-rf *", "\x1b[31mred", "$(reboot)", "`id`; rm", "a'b\"c", "<b onload=x>",
        "a..%2f..%2f", "\u202egnp", "con", "  spaces  ", "a\tb", "&amp;#x27;", "🦓", "\udcff\udcfe",
        "e\u0301", "#?&=+", "C:\\autoexec", "{{7*7}}", "zero\u200bwidth",
    )  # fmt: skip
    for turn in range(9):
        for at, name in enumerate(odd):
            path = f"posts/{name} {turn}.md"
            word = f"namedcanary{at}x{turn}"
            yield Bad(path, f"# A name {at} of {turn}\n\n{word}", "read", words=(word,))
        letter = chance.choice("abcdef")
        path = f"posts/{letter * 249}{turn}.md"
        yield Bad(path, f"# Long {turn}\n\n{word_of(path)}", "read", words=(word_of(path),))
        for name in (f"Case-{turn}", f"case-{turn}", f"CASE-{turn}"):
            word = f"{name.replace('-', 'x')}canary{sum(map(str.isupper, name))}"
            yield Bad(f"posts/{name}.md", f"# {word}\n\n{word}", "read", words=(word,))
        same = "Two names in bytes that nobody can show are one."
        word = f"bytescanary{turn}"
        yield Bad(f"posts/byte-{turn}-\udc80.md", f"# {word}\n\n{word}", "read", words=(word,))
        yield Bad(f"posts/byte-{turn}-\udc81.md", f"# Other\n\n{same}", "skipped")


def fleeting(chance: random.Random) -> Iterator[Bad]:
    """Yield files that are gone, or are something else, once they were listed."""
    for turn in range(100):
        for name, change in {
            "gone": Path.unlink, "pipe": _become_pipe, "link": _become_link,
            "folder": _become_folder, "more": partial(_stretch, size=40 * 2**20),
        }.items():  # fmt: skip
            path = f"posts/fleeting-{name}-{turn}.md"
            yield Bad(path, f"# Here {turn}\n\nStill here.", "skipped", after=change)
        path = f"posts/fleeting-grows-{turn}.md"
        word = word_of(path)
        yield Bad(path, "# Short", "read", words=(word,), after=partial(_grow, word=word))


def _become_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _become_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def _become_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _grow(path: Path, word: str) -> None:
    with path.open("a") as file:
        file.write(f"\n\n{word}\n" + "And more of it.\n" * 9_000)


FAMILIES: tuple[Family, ...] = (empty, links, specials, closed, names, fleeting)
