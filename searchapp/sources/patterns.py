"""Turns the patterns of addresses that Pelican has into ours."""

import re

_DATES = {"%Y": ":year", "%m": ":month", "%d": ":day", "%y": ":short_year", "%j": ":y_day",
          "%b": ":short_month", "%B": ":long_month"}  # fmt: skip
_FIELDS = {"slug": ":slug", "category": ":category", "author": ":author", "lang": ":lang"}


def pelican_pattern(stated: str, *, by_name: bool = False) -> str | None:
    """Return an ARTICLE_URL of Pelican's as a pattern, None where it has fields we do not know.

    With `by_name` slugs are made of the names of files.
    """
    dated = re.sub(r"\{date:([^{}]*)\}", lambda f: re.sub("%.", _date_part, f[1]), stated)
    fields = {**_FIELDS, "slug": ":slugorfilename"} if by_name else _FIELDS
    pattern = re.sub(r"\{(\w+)\}", lambda f: fields.get(f[1], f[0]), dated)
    return None if "{" in pattern or "%" in pattern else "/" + pattern.lstrip("/")


def _date_part(code: re.Match[str]) -> str:
    return _DATES.get(code[0], "%")
