"""What a person can put right: each error says where, what is wrong and what to do.

SearchappError            exit 1
+-- ConfigurationError    a .toml file of the owner's
+-- ContentError          one entry of the content, reported and skipped
+-- IndexUnusableError    no index, a damaged one, or one of another version
+-- IndexBusyError        another build is running; exit 75
"""

import re
from dataclasses import dataclass

# A value that a reason shows, in quotes: what stands within is the owner's, and no part of ours.
_QUOTED = re.compile(r"(?<!\w)(['\"\u201c]).*?(?:\1|\u201d)(?!\w)")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the content that wants mending: where, and what is wrong with it.

    `path` is relative to the content folder; `line` counts from 1, None where unknown.
    """

    path: str
    line: int | None
    reason: str

    @property
    def parts(self) -> tuple[str, str]:
        """What is wrong, and what to do, "" where nothing is: reasons end in `; what to do`."""
        bare = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), self.reason)
        at = bare.rfind("; ")
        return (self.reason, "") if at < 0 else (self.reason[:at], self.reason[at + 2 :])


class SearchappError(Exception):
    """A problem with a remedy; shown as one line, never as a traceback."""

    exit_code = 1


class ConfigurationError(SearchappError):
    """A setting in a `.toml` file that cannot be used as it stands."""


class ContentError(SearchappError):
    """One entry that cannot be read; the build reports it and goes on.

    `line` is the line of the file, counted from 1, where it is known.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class IndexUnusableError(SearchappError):
    """There is no generation that could be served."""


class IndexBusyError(SearchappError):
    """Another build holds the lock; `EX_TEMPFAIL` of sysexits.h."""

    exit_code = 75


class KeptTextError(Exception):
    """What the cache had of a text is not there any more as it was; who builds reads it again."""
