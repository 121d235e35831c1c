"""Each setting of the server: its name, its default and what it does.

Command-line options and README derive from this list.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing an owner may set when serving; the default is right for most."""

    name: str
    default: int | str
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("host", "127.0.0.1", "Address to listen on; only this machine by default."),
    Setting("port", 8000, "Port to listen on."),
    Setting("page_size", 20, "Pieces shown on a page of results."),
    Setting("threads", 8, "Requests answered at the same time."),
    Setting("longest_query", 200, "Characters of a query that are read."),
    Setting("most_words", 40, "Words of a query that are looked for."),
    Setting("most_filters", 16, "Filters of an address that are read, and as many exclusions."),
)

DEFAULT = {setting.name: setting.default for setting in SETTINGS}
