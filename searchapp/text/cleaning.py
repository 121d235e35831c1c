"""Cleans HTML: nothing reaches a page but what nh3 let through, by the lists that stand here."""

import html as html_entities
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

import nh3

from searchapp.slugs import slug_of_title
from searchapp.text.marks import ANCHOR, POST
from searchapp.text.mathml import (
    MATH_ATTRIBUTES,
    MATH_ELEMENTS,
    NOT_SHOWN,
    may_stand,
    settle_formulas,
)

Resolve = Callable[[Literal["link", "image"], str], str | None]

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn",
    "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
    "ul", "var", "wbr", *MATH_ELEMENTS,
}  # fmt: skip
_ATTRIBUTES = {
    **MATH_ATTRIBUTES,
    "*": {"id", "title", "lang", "dir"},
    "a": {"href"},
    "code": {"class"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
# On a narrow screen they scroll sideways; what has the focus can be scrolled by keys.
_SCROLLED = {"pre": {"tabindex": "0"}, "table": {"tabindex": "0"}}
_SCHEMES = {"http", "https", "mailto"}
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,40}")


@dataclass
class _Cleaner:
    """Decides on each attribute: our ids, classes of code, addresses that resolve."""

    resolve: Resolve
    anchors: set[str]

    def decide(self, element: str, attribute: str, value: str) -> str | None:
        """Return the attribute's value as it may stand, or None to drop it."""
        if attribute in MATH_ATTRIBUTES.get(element, ()):
            return value if may_stand(element, attribute, value) else None
        if attribute == "id":
            return value if value in self.anchors else None
        if attribute == "class":
            return next((c for c in value.split() if c == "math" or _LANGUAGE.fullmatch(c)), None)
        if attribute == "href":
            return self._address("link", value)
        if attribute == "src":
            return self._address("image", value)
        return value

    def _address(self, kind: Literal["link", "image"], value: str) -> str | None:
        value = value.strip()
        if value.startswith("#"):
            return self._anchor(unquote(value[1:])) if kind == "link" else None
        answer = self.resolve(kind, value)
        return answer if answer and _is_safe(answer) else None

    def _anchor(self, name: str) -> str | None:
        for anchor in (name, ANCHOR + name, ANCHOR + slug_of_title(name)):
            if anchor in self.anchors:
                return f"#{anchor}"
        return None


def _is_safe(address: str) -> bool:
    """Tell whether an address is of an allowed scheme, or relative to our own pages."""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return False
    return scheme in _SCHEMES if scheme else address.startswith(("../", "#"))


_NEVER_SHOWN = {"script", "style", "template", "iframe", "noscript", "title", *NOT_SHOWN}
_BREAKS = re.compile(r"<(?=/?(?:p|br|div|li|ul|ol|h[1-6]|t[dhr]|blockquote|pre)\b)", re.IGNORECASE)


def normalise(html: str) -> str:
    """Return HTML in the one form that nh3 writes, with its ids and addresses as they were."""
    return nh3.clean(
        html,
        tags=_TAGS | {"h1"},
        clean_content_tags=_NEVER_SHOWN,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES | {POST.removesuffix(":")},
        link_rel=None,
    )


_FURNITURE = {"nav", "header", "footer", "aside", "form", "button", "select", "dialog", "svg"}


def without_furniture(html: str) -> str:
    """Return the HTML of a page without what stands around its text: menus, byline, footer."""
    return nh3.clean(
        html,
        tags=_TAGS | {"h1"},
        clean_content_tags=_NEVER_SHOWN | _FURNITURE,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        strip_comments=False,  # one of them says where a post goes on
        link_rel=None,
    )


def clean(raw: str, resolve: Resolve) -> str:
    """Return raw HTML as it may be shown; `resolve` settles each link and image."""
    anchors = set(re.findall(f'id="({ANCHOR}[^"]*)"', raw))
    cleaned = nh3.clean(
        raw,
        tags=_TAGS,
        clean_content_tags=_NEVER_SHOWN,
        attributes=_ATTRIBUTES,
        attribute_filter=_Cleaner(resolve, anchors).decide,
        set_tag_attribute_values=_SCROLLED,
        url_schemes=_SCHEMES,
        link_rel="noopener",
    )
    return settle_formulas(cleaned)


def plain_text(fragment: str) -> str:
    """Return the words of an HTML fragment, on one line."""
    if "<" in fragment:
        spaced = _BREAKS.sub(" <", fragment)
        fragment = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style", *NOT_SHOWN})
    return " ".join(html_entities.unescape(fragment).split())
