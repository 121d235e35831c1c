"""Says what is wrong with a text that is no TOML: where, what stands there, what was likely meant.

tomllib's complaint --> line, column --> the line's likely meanings, one by one
                                         --the first that is TOML--> the remedy
"""

import re
import tomllib
from collections.abc import Iterator

_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_SHOWN = 60  # characters of a line
_LONGEST = 500  # characters of a line that is thought about; it may be a stranger's
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})
_KEY = r"[\w.\"-]+"
_WORDS = {"True": "true", "False": "false", "yes": "true", "no": "false", "on": "true",
          "off": "false", "None": '""', "null": '""'}  # fmt: skip

# What tomllib says of a line that is well formed by itself, and what to do about it.
_REMEDIES = {
    "Cannot overwrite a value": "the key stands twice; leave one of them",
    "Cannot declare": "the table stands twice; join the two",
    "Unclosed array": "a list is not closed; end it with ]",
    "Unclosed inline table": "a table in braces is not closed; end it with } on the same line",
    "Unterminated string": "a text is not closed; end it with its quote",
    "Cannot mutate immutable": "what stands in braces is whole; put the key within them",
}


def explain(text: str, error: tomllib.TOMLDecodeError) -> tuple[int, str, str]:
    """Return the line that is wrong, what is wrong with its column and words, and a remedy."""
    lines = text.splitlines() or [""]
    found = _PLACE.search(str(error))
    problem = str(error)[: found.start()].strip() if found else str(error)
    if found and found[1]:
        number, column = int(found[1]), int(found[2])
    else:  # "at end of document": what is open there
        number, column = len(lines), len(lines[-1]) + 1
    number = min(number, len(lines))
    number, column = _before_an_open_end(lines, number, column)
    if re.search(r"character '\\n'", problem):
        problem = "the line ends within a text"
    line = lines[number - 1]
    return number, f"{problem}, column {column} of {_shown(line)}", _remedy(line, problem)


def _before_an_open_end(lines: list[str], number: int, column: int) -> tuple[int, int]:
    """Return the place; a complaint about a line's beginning is about the end of the one before."""
    while number > 1 and not lines[number - 1].strip() and column <= 1:
        number -= 1
        column = len(lines[number - 1]) + 1
    return number, column


def _shown(line: str) -> str:
    line = line.strip()
    line = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
    return f"'{line}'" if line.isprintable() else repr(line)


def _remedy(line: str, problem: str) -> str:
    if meant := _first_good(line):
        return f"write {meant}"
    known = (remedy for begin, remedy in _REMEDIES.items() if problem.startswith(begin))
    return next(known, "mend it")


def _first_good(line: str) -> str | None:
    """Return the first likely meaning of a line that is TOML, None where none is."""
    if len(line) > _LONGEST or _is_toml(line):  # by itself it is well: it stands among others
        return None
    return next((meant for meant in _meanings(line.strip()) if _is_toml(meant)), None)


def _is_toml(line: str) -> bool:
    try:
        tomllib.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _meanings(line: str) -> Iterator[str]:
    """Yield what somebody may have meant by a line, the most likely first."""
    if header := re.fullmatch(r"\[{1,2}\s*([^\[\]]+?)\s*\]{0,2}", line):
        brackets = max(line.count("["), line.count("]"))
        yield f"{'[' * brackets}{header[1]}{']' * brackets}"
    straight = line.translate(_CURLY)
    yield straight
    yield re.sub(r"(?<!:)//.*|(?<=[\s\"]);.*", "", straight).rstrip().rstrip(";")
    yield straight.rstrip(",;")
    stated = re.fullmatch(rf"({_KEY})\s*(==?|:=?|=>|(?=[\"']))\s*(.*?)\s*(\s#.*)?", straight)
    if stated and stated[3]:
        key, _, value, note = stated.groups()
        yield from (f"{key} = {meant}{note or ''}" for meant in _values(value))


def _values(value: str) -> Iterator[str]:
    """Yield what somebody may have meant by the value of a key."""
    yield _WORDS.get(value, value)
    if value.isdecimal():
        yield value.lstrip("0")
    elif value.startswith("["):
        yield f"{value}]"
        words = (word.strip(" \"'") for word in re.split(r",|\"\s+\"", value.strip("[]")))
        yield "[" + ", ".join(f'"{word}"' for word in words if word) + "]"
    elif not value.startswith("{") and not re.match(r"\d{2,4}[-:]\d", value):
        quoted = re.fullmatch(r"([\"'])(.*)\1", value)
        bare = quoted[2] if quoted else value.strip("\"'")
        yield f'"{bare}"'
        yield f"'{bare}'"
        bare = bare.strip("\"'")
        yield f'"{bare}"'
        yield f"'{bare}'"
