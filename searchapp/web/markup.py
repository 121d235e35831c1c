"""The one place that declares HTML to be safe; everything else is escaped by Jinja.

What passes here was made or cleaned when the index was built.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress

from markupsafe import Markup, escape

escape_text: Callable[[str], str] = escape
with suppress(ImportError):  # it may not be compiled, or be called otherwise by now
    from markupsafe._speedups import _escape_inner

    escape_text = _escape_inner

_NUMBERS = (int, float)
_NOT_A_MARK = re.compile(r"<(?!/?mark>)")


def escape_output(value: object) -> str:
    """Return what a template shows of `value`, escaped as `markupsafe.escape` does it.

    That makes a `Markup` of each text, which takes three times as long as to escape it, and
    which a template joins with others at once: a page has 1,200 of them.
    """
    if type(value) is str:
        return escape_text(value)
    return str(value) if type(value) in _NUMBERS else escape(value)


def trusted(html: str) -> Markup:
    """Return HTML that the build has cleaned, for a page to show as it is."""
    return Markup(html)  # noqa: S704  # nosec B704  # nh3 cleaned it, and a test counts the uses


def snippet(html: str) -> Markup:
    """Return a snippet's HTML; any element but `mark` is shown as text."""
    return trusted(_NOT_A_MARK.sub("&lt;", html))


# What would end the script that holds it, begin a comment in it, or break an old parser's line.
_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def json_block(value: object) -> Markup:
    """Return a value as JSON that a data block of a page may hold, whatever stands in it."""
    return trusted(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE))
