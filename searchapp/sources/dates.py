"""Reads dates as owners write them: in front matter, and in names of files."""

import re
from datetime import date, datetime

# 2024-05-31, 2024/5/31, 20240531, each with or without a time and zone after it.
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T\s].*)?", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_YEAR = re.compile(r"\d{4}")
_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:[-_\s]|$)")


def parse_date(value: object) -> date | None:
    """Return the day that `value` states, None where it states none.

    The day is the one that was written: a time zone does not move it. Of a month or a
    year alone the first day stands for it.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value).strip()
    if whole := _ISO.fullmatch(text):
        return _day(whole[1], whole[3], whole[4])
    if whole := _COMPACT.fullmatch(text):
        return _day(whole[1], whole[2], whole[3])
    if whole := _MONTH.fullmatch(text):
        return _day(whole[1], whole[2], "1")
    return _day(text, "1", "1") if _YEAR.fullmatch(text) else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def part_name(stem: str) -> tuple[date | None, str]:
    """Part a file's name into the date that it begins with and the rest.

    `2024-05-31-cats` is the 31st and `cats`; an impossible date is part of the name.
    """
    dated = _NAME.match(stem)
    day = parse_date(dated[1]) if dated else None
    if dated is None or day is None:
        return None, stem
    return day, stem[dated.end() :] or stem
