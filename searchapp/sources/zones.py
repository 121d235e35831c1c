"""Tells on which day a moment falls in the zone of a site, where addresses are made of that.

The day that readers see is the one that was written; this one is only for addresses.
"""

import datetime as dt
import re
from zoneinfo import ZoneInfo

# 2020-03-01 00:30:00 +0900, 2020-03-01T00:30Z
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[Tt\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?"
    r"\s*(?:([Zz]|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)"
)


def day_in_zone(value: object, zone: object) -> dt.date | None:
    """Return the day of a moment with an offset, in a zone by its name; UTC where none is known.

    None is returned for what has no offset: its day is the one that was written.
    """
    moment = value if isinstance(value, dt.datetime) else _moment(value)
    if moment is None or moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(_zone(zone)).date()
    except (OverflowError, ValueError):
        return None


def _zone(name: object) -> dt.tzinfo:
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else dt.UTC
    except (ValueError, OSError, LookupError):
        return dt.UTC


def _moment(value: object) -> dt.datetime | None:
    said = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if said is None:
        return None
    year, month, day, hour, minute = map(int, said.groups()[:5])
    away = dt.timedelta(hours=int(said[9] or 0), minutes=int(said[10] or 0))
    try:
        zone = dt.timezone(-away if said[8] == "-" else away)
        return dt.datetime(year, month, day, hour, minute, int(said[6] or 0), tzinfo=zone)
    except ValueError:
        return None
