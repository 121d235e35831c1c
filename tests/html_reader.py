"""Reads pages in tests: their elements, each with its attributes and all of its text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "br", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass
class Element:
    """An element; `text` is that of all it holds, with single spaces."""

    tag: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text as one line."""
        return " ".join("".join(self.parts).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        """Return an attribute, None where it has none of that name."""
        return self.attributes.get(name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1].tag == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)


def read_html(html: str) -> list[Element]:
    """Return all elements of a page in order; one that is not closed fails the test."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [], f"never closed: {[element.tag for element in reader.open]}"
    return reader.elements


def find_all(html: str, tag: str, **attributes: str) -> Iterator[Element]:
    """Yield the elements of that tag whose attributes are those given (`class_` for class)."""
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    for element in read_html(html):
        if element.tag == tag and all(_has(element, n, v) for n, v in wanted.items()):
            yield element


def find(html: str, tag: str, **attributes: str) -> Element:
    """Return the one such element."""
    (element,) = find_all(html, tag, **attributes)
    return element


def _has(element: Element, name: str, value: str) -> bool:
    actual = element.get(name)
    if name == "class":
        return value in (actual or "").split()
    return actual == value
