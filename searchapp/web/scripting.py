"""Our scripts: small files with one purpose each, of which visitors are sent two.

    scripts/*.js --join--> theme.js   paints the page, so the page waits for it
                       --> page.js    all else, when the page is there
                       --> watch.js, owner.js    for the owner alone: `serve --watch`, `--owner`

Comments and indents are for those who read the files here; they are a quarter of what would be
sent.
"""

from pathlib import Path

FOLDER = Path(__file__).parent / "scripts"

# What each is made of, in the order in which it runs.
SENT = {
    "theme.js": ("theme",),
    "page.js": ("composing", "recent", "suggest", "keys", "place", "search"),
    "watch.js": ("watch",),
    "owner.js": ("owner",),
}


def load_scripts() -> dict[str, bytes]:
    """Return the scripts as they are sent, by their names."""
    return {name: b"".join(map(_read, parts)) for name, parts in SENT.items()}


def _read(part: str) -> bytes:
    return without_comments((FOLDER / f"{part}.js").read_text(encoding="utf-8")).encode()


def without_comments(script: str) -> str:
    """Return a script without lines that are comments; a test sees that no text spans lines."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
