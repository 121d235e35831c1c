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
    Setting("workers", 2, "Processes that answer; as many as the machine has cores is best."),
    Setting("threads", 4, "Requests that each worker answers at the same time."),
    Setting("connections", 1000, "Connections that each worker holds open."),
    Setting("patience", 30, "Seconds within which a request must have arrived."),
    Setting("grace", 10, "Seconds to finish answers when the server is stopped."),
    Setting("longest_header", 16384, "Bytes of a request's headers, its address among them."),
    Setting(
        "longest_body",
        16384,
        "Bytes of what is sent with a request; only the owner's desk reads any.",
    ),
    Setting("longest_query", 200, "Characters of a query that are read."),
    Setting("most_words", 40, "Words of a query that are looked for."),
    Setting("longest_phrase", 24, "Words of a phrase that are looked for, one after the other."),
    Setting(
        "heaviest_prefix",
        4,
        "Postings, for each piece, that a begun word may add up when it "
        "is asked for; what is heavier is added up by the build.",
    ),
    Setting("deepest_page", 10_000, "The last page of results that may be asked for."),
    Setting("most_filters", 16, "Filters of an address that are read, and as many exclusions."),
)

DEFAULT = {setting.name: setting.default for setting in SETTINGS}
