"""Reads dates as owners write them: in front matter, in names of files and in folders.

The day is the one that was written: a time zone never moves it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime

# 2024-05-31, 2024/5/31, 2024.5.31, 20240531, each with or without a time and zone after it,
# or a separator that was left over.
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T\s,].*|[-/.])?", re.DOTALL)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T.*|[\s,].*|\d{4}|\d{6})?", re.DOTALL)
_IDEOGRAPHIC = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日.*)?", re.DOTALL)
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_YEAR = re.compile(r"\d{4}")

# 31/05/2024 and 05/31/2024: read only where one part cannot be a month.
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T\s,].*)?", re.DOTALL)

# Friday, May 31st, 2024; 31 May 2024; May 2024; Fri, 31 May 2024 10:00:00 GMT
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_NAME_OF_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_REST = r"(?:[T\s,].*)?"
_MONTH_FIRST = re.compile(rf"{_WEEKDAY}{_NAME_OF_MONTH}\s*{_DAY}\s*,?\s+(\d{{4}}){_REST}", re.I)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}{_DAY}[\s-](?:of\s+)?{_NAME_OF_MONTH},?[\s-](\d{{4}}){_REST}", re.I
)
_MONTH_ALONE = re.compile(rf"{_NAME_OF_MONTH},?\s+(\d{{4}})", re.I)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# What a file's name may begin with: 2024-05-31-, 2020-12-9-, 2024_05_31_, 20240531-
_NAME = re.compile(
    r"(?:(\d{4})([-_.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2}))"
    r"(?:T[\d:.+Z-]*)?(?:[-_\s]+|$)"
)
_DAY_NAME = re.compile(r"(\d{1,2})(?:[-_\s]+|$)")

LENGTH = 100  # characters of a date: more are no date, and cost a pattern time


def parse_date(value: object) -> date | None:
    """Return the day that `value` states, None where it states none.

    Of a month or a year alone the first day stands for it. Refused is a day and month in
    digits that could be read both ways round, as 05/06/2024.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    text = str(value).strip()
    if len(text) > LENGTH:
        return None
    return _in_digits(text) or _in_words(text)


def _in_digits(text: str) -> date | None:
    if whole := _ISO.fullmatch(text):
        return _day(whole[1], whole[3], whole[4])
    if whole := _COMPACT.fullmatch(text) or _IDEOGRAPHIC.fullmatch(text):
        return _day(whole[1], whole[2], whole[3] or "1")
    if whole := _MONTH.fullmatch(text):
        return _day(whole[1], whole[2], "1")
    if whole := _YEAR_LAST.fullmatch(text):
        return _year_last(whole[4], whole[1], whole[3])
    return _day(text, "1", "1") if _YEAR.fullmatch(text) else None


def _year_last(year: str, one: str, other: str) -> date | None:
    if int(one) > 12:
        return _day(year, other, one)
    return _day(year, one, other) if int(other) > 12 or one == other else None


def _in_words(text: str) -> date | None:
    if whole := _MONTH_FIRST.fullmatch(text):
        return _day(whole[3], _number_of(whole[1]), whole[2])
    if whole := _DAY_FIRST.fullmatch(text):
        return _day(whole[3], _number_of(whole[2]), whole[1])
    if whole := _MONTH_ALONE.fullmatch(text):
        return _day(whole[2], _number_of(whole[1]), "1")
    return None


def _number_of(month: str) -> str:
    return str(_MONTHS.index(month[:3].lower()) + 1)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def part_name(stem: str) -> tuple[date | None, str]:
    """Part a file's name into the date that it begins with and the rest.

    `2024-05-31-cats` is the 31st and `cats`; an impossible date is part of the name, as is
    a number that could be one only by chance (`20240531cats`).
    """
    dated = _NAME.match(stem)
    parts = (dated[1] or dated[5], dated[3] or dated[6], dated[4] or dated[7]) if dated else None
    day = _day(*parts) if parts else None
    if dated is None or day is None:
        return None, stem
    return day, stem[dated.end() :] or stem


def date_of_folders(folders: Sequence[str], stem: str = "") -> date | None:
    """Return the day that folders end in: `2024/05/31`, `2024/05` or `2024/05/31-cats`.

    Of a month alone the first day stands for it; a year alone says too little.
    """
    numbers = [*folders, "", ""]
    for at in range(len(folders) - 1, -1, -1):
        year, month, day = numbers[at : at + 3]
        if _YEAR.fullmatch(year) and re.fullmatch(r"\d{1,2}", month):
            found = _DAY_NAME.match(stem) if at + 2 == len(folders) else None
            day = found[1] if found else day
            return _day(year, month, day if re.fullmatch(r"\d{1,2}", day) else "1")
    return None


def date_of_path(path: str) -> date | None:
    """Return the day in an address that states one: `/2024/05/31/cats` (Zola's `path`)."""
    dated = re.search(r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})(?:/|$)", path)
    return _day(dated[1], dated[2], dated[3]) if dated else None
