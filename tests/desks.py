"""A folder of posts that wants decisions of every kind, for the tests of the owner's desk."""

from pathlib import Path

from builders import write_files

_SUBJECTS = ("river", "harbour", "ferry", "lock keeper", "tide", "barge", "quay", "towpath",
             "heron", "weir", "lantern", "rope", "pilot", "reed bed", "sluice")  # fmt: skip
_SAID = (
    "Before dawn the {} is quiet and the {} lies still.",
    "Nobody who works by the {} forgets the year in which the {} froze.",
    "I asked an old man about the {}; he talked of the {} for an hour.",
    "What the maps call a {} is to us a {} and nothing else.",
    "In spring the {} comes back, and with it the {} that we had missed.",
)


def prose(start: int, sentences: int) -> str:
    """Return sentences that are always the same for the same numbers."""
    said = []
    for number in range(start, start + sentences):
        one = _SUBJECTS[number * 7 % len(_SUBJECTS)]
        other = _SUBJECTS[(number * 11 + 3 + number // 15) % len(_SUBJECTS)]
        said.append(_SAID[number % len(_SAID)].format(one, other) + f" That was note {number}.")
    return "\n\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))


def _post(title: str, text: str, date: str, tags: str = "", **more: str) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in more.items())
    stated = f"tags: [{tags}]\n" if tags else ""
    return f"---\ntitle: {title}\ndate: {date}\n{stated}{head}---\n\n{text}\n"


FILES = {
    "sources.toml": (
        '[site]\ntitle = "By the river"\n\n[[source]]\nname = "blog"\nkind = "markdown"\n'
        'path = "blog"\nsite = "My blog"\n\n[[source]]\nname = "letters"\nkind = "markdown"\n'
        'path = "letters"\nsite = "The newsletter"\n'
    ),
    "verdicts.toml": "# My word.\nsame = []\n\ndifferent = [\n  # none yet\n]\n",
    "blog/ferry.md": _post("The last ferry of the year", prose(0, 40), "2023-11-02", "boats"),
    "letters/ferry.md": _post(
        "The last ferry, told again", prose(0, 28) + "\n\n" + prose(60, 12), "2024-01-10", "boat"
    ),
    "blog/tide.md": _post(
        "A table of tides", prose(100, 30), "2022-05-01", "boats, tides",
        url="https://example.com/tides",
    ),
    "letters/winter.md": _post(
        "What winter takes away", prose(200, 30), "2022-12-01", "winter",
        url="https://example.com/tides",
    ),
    "blog/tides.md": _post("Tides for beginners", prose(300, 20), "2021-05-01", "tides"),
    "blog/untagged.md": _post("How tides and boats meet", "Of tides and boats.", "2020-05-01"),
    "blog/broken.md": "---\ntitle: [\n---\n\nNobody reads this.\n",
}  # fmt: skip


def write_desk(folder: Path) -> Path:
    """Write the folder's files; return it."""
    return write_files(folder, FILES)
