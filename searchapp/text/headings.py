"""Takes the title out of a text, and gives each heading its anchor."""

from itertools import pairwise

from markdown_it.token import Token

from searchapp.slugs import slug_of_title
from searchapp.text.marks import ANCHOR
from searchapp.text.parsing import plain_inline


def take_title(tokens: list[Token], title: str | None) -> str | None:
    """Take out the heading that is the title: readers see it above the text, once.

    Where no title is known that is the opening heading, else the first of level 1; where
    one is known only an opening heading that repeats it.
    """
    headings = [n for n, token in enumerate(tokens) if token.type == "heading_open"]
    opening = headings[0] if headings and headings[0] == 0 else None
    if title is None and opening is None:
        opening = next((n for n in headings if tokens[n].tag == "h1"), None)
    if opening is None or (title is not None and tokens[opening].tag != "h1"):
        return None
    words = plain_inline(tokens[opening + 1].children)
    if not words or (title is not None and slug_of_title(title) != slug_of_title(words)):
        return None
    del tokens[opening : opening + 3]
    return words


def prepare_headings(tokens: list[Token]) -> None:
    """Give each heading its id, and shift all by one where the text has its own level 1.

    A heading that a template would have filled is empty to us, and goes.
    """
    for at in reversed([n for n, token in enumerate(tokens) if token.type == "heading_open"]):
        children = tokens[at + 1].children or ()
        if all(child.type == "text" and not child.content.strip() for child in children):
            del tokens[at : at + 3]
    headings = [token for token in tokens if token.type.startswith("heading_")]
    shift = int(any(token.tag == "h1" for token in headings))
    used: dict[str, int] = {}
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            words = inline.meta.get("id") or plain_inline(inline.children)
            token.attrs = {"id": unused(ANCHOR + slug_of_title(words), used)}
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) + shift)}"


def unused(name: str, used: dict[str, int]) -> str:
    """Return `name`, or `name-2`, `name-3`..., whichever is not `used` yet, and note it.

    `used` maps each name to the last number tried for it: a name that stands 10,000 times
    costs no 10,000 looks each time.
    """
    free, count = name, used.get(name, 0)
    while free in used:
        count += 1
        free = f"{name}-{count}" if count > 1 else name
    used[name] = max(count, 1)
    used.setdefault(free, 1)
    return free
