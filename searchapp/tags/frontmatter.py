"""Adds tags to the front matter of a file, and leaves every other byte as it is.

    bytes --decode, as they are--> text --where the list ends--> text with more --check--> bytes

What is written is read again before it counts: the same facts, the same body, the same tags
and the new ones, or the file is refused and stays as it was.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from searchapp.errors import ContentError
from searchapp.sources.encodings import decode
from searchapp.sources.facts import Facts
from searchapp.sources.files import read_bytes
from searchapp.sources.frontmatter import Parted, part
from searchapp.sources.guarded import FRONT_MATTER_LIMIT, PlainLoader, check_yaml
from searchapp.sources.names import TABLES, TAG_NAMES, plain_name
from searchapp.sources.tag_words import is_hashed
from searchapp.tags.replacing import replace_file

LIMIT = 16 * 2**20  # bytes of a file

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BY_HAND = "add the tags by hand"
_UNSAFE = f"front matter has a form that cannot be edited safely; {_BY_HAND}"


def add_tags_to_file(
    path: Path, inside: Path, tags: Sequence[str], *, spaced: bool = False, zola: bool = False
) -> None:
    """Write tags into the front matter of a file below `inside`.

    With `spaced`, tags in a string are parted by spaces, as Jekyll has it; Zola's tags stand
    in a table. Raises ContentError where that cannot be done without harm.
    """
    before = read_bytes(path, inside, LIMIT)
    after = add_tags(before, tags, spaced=spaced, zola=zola)
    try:
        replace_file(path, after)
    except OSError as error:
        raise ContentError(f"cannot be written ({error.strerror}); {_BY_HAND}") from error


def add_tags(
    content: bytes, tags: Sequence[str], *, spaced: bool = False, zola: bool = False
) -> bytes:
    """Return the bytes of a file with tags added to its front matter; see `add_tags_to_file`."""
    stated = part(decode(content)[0])
    mark, encoding = _encoding_of(content)
    text = content[len(mark) :].decode(encoding)
    if encoding == "latin-1" and not all(tag.isascii() for tag in tags):
        raise ContentError(f"is not UTF-8, and the tags have letters beyond ASCII; {_BY_HAND}")
    try:
        edited = _edit(text, tags, spaced=spaced, zola=zola)
    except yaml.YAMLError as error:
        raise ContentError(_UNSAFE) from error
    after = mark + edited.encode(encoding)
    try:
        now = part(decode(after)[0])
    except ContentError as error:  # what was broken is the edit, not the owner's file
        raise ContentError(_UNSAFE) from error
    _check(stated, now, tags, spaced)
    return after


def _encoding_of(content: bytes) -> tuple[bytes, str]:
    """Return the byte order mark and an encoding that gives every byte back as it was.

    Of a file that is not UTF-8 each byte is taken for a character: which ones they are
    does not matter, as only letters of ASCII are added.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return mark, encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "latin-1"
    return b"", "utf-8"


def _check(before: Parted, after: Parted, tags: Sequence[str], spaced: bool) -> None:
    """Refuse a file that says anything else than before, but for its new tags."""
    stated, now = (Facts(parted.facts, spaced=spaced).tags() for parted in (before, after))
    new = set(Facts({"tags": list(tags)}).tags())
    others, same = (_without_tags(parted.facts) for parted in (before, after))
    if before.body != after.body or others != same or {*stated, *new} != set(now):
        raise ContentError(_UNSAFE)


def _without_tags(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts but for the tags; a table that holds nothing else is as good as none."""
    kept: dict[str, object] = {}
    for name, value in facts.items():
        if name in TABLES and isinstance(value, dict):
            if rest := _without_tags(value):
                kept[name] = rest
        elif plain_name(name) not in TAG_NAMES:
            kept[name] = value
    return kept


# --- Where the tags stand -------------------------------------------------------------

_FENCE = re.compile(r"\s*^(---|\+\+\+)[ \t]*(yaml|yml|toml|json)?[ \t]*\r?$\n?", re.MULTILINE)
_END = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*\r?$", re.MULTILINE),
}
_BRACE = re.compile(r"\s*\{(?=\s*(?:\"|\}))")


def _edit(text: str, tags: Sequence[str], *, spaced: bool, zola: bool) -> str:
    """Return the text of a file with the tags in it, whatever form its front matter has."""
    end = _line_end(text)
    if opens := _FENCE.match(text):
        closes = _END[opens[1]].search(text, opens.end())
        if closes is None:
            raise ContentError(f"front matter never closes; {_BY_HAND}")
        language = opens[2] or ("toml" if opens[1] == "+++" else "yaml")
        head, matter, rest = (
            text[: opens.end()], text[opens.end() : closes.start()], text[closes.start() :],
        )  # fmt: skip
        form = _Matter(matter, tags, end, spaced=spaced, zola=zola)
        return head + _FORMS[language](form) + rest
    if opens := _BRACE.match(text):
        start = opens.end() - 1
        return text[:start] + _edit_json(_Matter(text[start:], tags, end))
    parted = part(text.replace("\r\n", "\n").replace("\r", "\n"))
    if parted.facts:
        return _edit_lines(text, parted, tags, end)
    return f"---{end}tags: {_flow(tags)}{end}---{end}{text}"


def _line_end(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


@dataclass(frozen=True)
class _Matter:
    """Front matter to edit: its text, the tags to add, how its lines end."""

    text: str
    tags: Sequence[str]
    end: str
    spaced: bool = False
    zola: bool = False

    def insert(self, at: int, words: str) -> str:
        return self.text[:at] + words + self.text[at:]


# --- YAML -----------------------------------------------------------------------------

_PLAIN = re.compile(r"[^\W\d_][\w+/&.-]*(?: [\w+/&.-]+)*")
_WORDS_OF_YAML = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def _yaml_word(tag: str) -> str:
    """Return a tag as YAML has it: in quotes where it could be taken for something else."""
    if _PLAIN.fullmatch(tag) and tag.lower() not in _WORDS_OF_YAML:
        return tag
    return json.dumps(tag, ensure_ascii=False)


def _flow(tags: Sequence[str]) -> str:
    return f"[{', '.join(map(_yaml_word, tags))}]"


def _edit_yaml(matter: _Matter) -> str:
    check_yaml(matter.text, FRONT_MATTER_LIMIT)
    root = yaml.compose(matter.text, Loader=_loader())
    found = _tags_in(root) if isinstance(root, yaml.MappingNode) else None
    if found is None:
        if isinstance(root, yaml.MappingNode) and root.flow_style:
            raise ContentError(f"front matter stands in braces; {_BY_HAND}")
        last = (
            ""
            if matter.text in ("", matter.end) or matter.text.endswith(matter.end)
            else matter.end
        )
        return f"{matter.text}{last}tags: {_flow(matter.tags)}{matter.end}"
    key, value = found
    if isinstance(value, yaml.SequenceNode):
        return _extend_sequence(matter, value)
    if isinstance(value, yaml.ScalarNode):
        return _extend_words(matter, key, value)
    raise ContentError(f"{key.value} are neither a list nor words; {_BY_HAND}")


def _loader() -> type[yaml.SafeLoader]:
    """Return the loader of plain YAML in Python, whose marks count characters."""

    class Marked(yaml.SafeLoader):
        yaml_implicit_resolvers = PlainLoader.yaml_implicit_resolvers

    return Marked


def _tags_in(root: yaml.MappingNode) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the key and the value of the tags, at the top or in a table of a theme's."""
    pairs = [(key, value) for key, value in root.value if isinstance(key, yaml.ScalarNode)]
    for name in TAG_NAMES:
        for key, value in pairs:
            if plain_name(key.value) == name:
                return key, value
    for key, value in pairs:
        if key.value in TABLES and isinstance(value, yaml.MappingNode):
            found = _tags_in(value)
            if found:
                return found
    return None


def _extend_sequence(matter: _Matter, value: yaml.SequenceNode) -> str:
    words = list(map(_yaml_word, matter.tags))
    if value.flow_style:
        if not value.value:
            return matter.insert(value.end_mark.index - 1, ", ".join(words))
        return matter.insert(value.value[-1].end_mark.index, "".join(f", {w}" for w in words))
    last = value.value[-1]
    begins = matter.text.rfind("\n", 0, last.start_mark.index) + 1
    dash = re.match(r"[ \t]*-[ \t]+", matter.text[begins:])
    if dash is None:
        raise ContentError(f"the list of tags is nested; {_BY_HAND}")
    stop = matter.text.find(matter.end, last.end_mark.index)
    at = len(matter.text) if stop < 0 else stop
    return matter.insert(at, "".join(f"{matter.end}{dash[0]}{word}" for word in words))


def _extend_words(matter: _Matter, key: yaml.Node, value: yaml.ScalarNode) -> str:
    """Add to tags that are words in one line; a single one becomes a list."""
    start, stop = value.start_mark.index, value.end_mark.index
    if not value.value or value.tag.endswith(":null"):
        colon = matter.text.index(":", key.end_mark.index) + 1
        stop = colon if start == stop else stop
        return f"{matter.text[:colon]} {_flow(matter.tags)}{matter.text[stop:]}"
    if value.style in ("|", ">"):
        raise ContentError(f"the tags are a block of text; {_BY_HAND}")
    inside = stop - 1 if value.style in ("'", '"') else stop
    if is_hashed(value.value):
        return matter.insert(inside, "".join(f" #{tag}" for tag in matter.tags))
    separators = [s for s in (",", ";") if s in value.value]
    if separators or (matter.spaced and " " in value.value.strip()):
        separator = f"{separators[0]} " if separators else " "
        return matter.insert(inside, "".join(separator + tag for tag in matter.tags))
    words = ", ".join(map(_yaml_word, matter.tags))
    return f"{matter.text[:start]}[{matter.text[start:stop]}, {words}]{matter.text[stop:]}"


# --- TOML and JSON --------------------------------------------------------------------

_TOML_KEY = re.compile(r"^[ \t]*[\"']?tags?[\"']?[ \t]*=[ \t]*", re.MULTILINE)
_TOML_TABLE = re.compile(r"^[ \t]*\[+[ \t]*([\w.\"' -]+?)[ \t]*\]+", re.MULTILINE)
_SPACE = re.compile(r"\s*")
_BARE = re.compile(r"[^\s,\[\]{}#\"']+")  # a number, a date, true
_STRING = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'[^']*'", re.DOTALL)


def _edit_toml(matter: _Matter) -> str:
    words = [json.dumps(tag, ensure_ascii=False) for tag in matter.tags]
    for key in _TOML_KEY.finditer(matter.text):
        tables = [t[1] for t in _TOML_TABLE.finditer(matter.text, 0, key.start())]
        if not tables or tables[-1] in TABLES:
            return _extend_array(matter, key.end(), words)
    line = f"tags = [{', '.join(words)}]{matter.end}"
    tables_at = {t[1]: t for t in _TOML_TABLE.finditer(matter.text)}
    gap = "" if not matter.text or matter.text.endswith(matter.end) else matter.end
    if matter.zola and "taxonomies" not in tables_at:
        return f"{matter.text}{gap}[taxonomies]{matter.end}{line}"
    if matter.zola:
        header = tables_at["taxonomies"]
        stop = matter.text.find(matter.end, header.end())
        return matter.insert(len(matter.text) if stop < 0 else stop + len(matter.end), line)
    first = min((t.start() for t in tables_at.values()), default=len(matter.text))
    return matter.insert(first, (gap if first == len(matter.text) else "") + line)


def _edit_json(matter: _Matter) -> str:
    words = [json.dumps(tag, ensure_ascii=False) for tag in matter.tags]
    if (at := _tags_of_json(matter.text, matter.text.index("{"))) is not None:
        return _extend_array(matter, at, words)
    opens = matter.text.index("{") + 1
    space = re.match(r"\s*", matter.text[opens:])
    gap = space[0] if space else ""
    stated = f'"tags": [{", ".join(words)}]'
    if matter.text[opens + len(gap) :].startswith("}"):
        return matter.insert(opens, stated)
    return matter.insert(opens, f"{gap}{stated},{'' if gap else ' '}")


def _tags_of_json(text: str, opens: int) -> int | None:
    """Return where the value of the tags begins, at the top or in a table of a theme's."""
    members = {name: (at, value) for name, at, value in _members_of_json(text, opens)}
    for wanted in TAG_NAMES:
        for name, (at, _) in members.items():
            if plain_name(name) == wanted:
                return at
    for name, (at, value) in members.items():
        if name in TABLES and isinstance(value, dict):
            found = _tags_of_json(text, at)
            if found is not None:
                return found
    return None


def _members_of_json(text: str, opens: int) -> Iterator[tuple[str, int, object]]:
    """Yield each name of an object, where its value begins, and the value."""
    read, at = json.JSONDecoder().raw_decode, _skip_space(text, opens + 1)
    try:
        while not text.startswith("}", at):
            name, at = read(text, at)
            begins = _skip_space(text, _skip_space(text, at) + 1)  # behind the colon
            value, at = read(text, begins)
            yield name, begins, value
            at = _skip_space(text, at)
            at = _skip_space(text, at + 1) if text.startswith(",", at) else at
    except (ValueError, RecursionError) as error:
        raise ContentError(_UNSAFE) from error


def _skip_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _extend_array(matter: _Matter, start: int, words: Sequence[str]) -> str:
    """Add words behind the last member of the array that begins at `start`."""
    if not matter.text.startswith("[", start):
        raise ContentError(f"the tags are no list; {_BY_HAND}")
    at, last, comma = start + 1, start + 1, False
    while at < len(matter.text) and matter.text[at] != "]":
        if text := _STRING.match(matter.text, at) or _BARE.match(matter.text, at):
            at = last = text.end()
            comma = False
            continue
        if matter.text[at] == "#":
            at = max(matter.text.find("\n", at), at + 1)
            continue
        if matter.text[at] in "[{":
            raise ContentError(f"the list of tags is nested; {_BY_HAND}")
        if matter.text[at] == ",":
            last, comma = at + 1, True
        at += 1
    if last == start + 1:
        return matter.insert(last, ", ".join(words))
    if not comma:
        return matter.insert(last, "".join(f", {word}" for word in words))
    before = matter.text[: last - 1]  # the list ends with a comma: so do the new ones
    line = before[before.rfind("\n") + 1 :]
    indent = re.match(r"[ \t]*", line)
    alone = line.strip()[:1] in ('"', "'")
    gap = matter.end + indent[0] if alone and indent else " "
    return matter.insert(last, "".join(f"{gap}{word}," for word in words))


# --- Lines, as Pelican has them -------------------------------------------------------


def _edit_lines(text: str, parted: Parted, tags: Sequence[str], end: str) -> str:
    lines = text.split(end)
    name = next((name for name in TAG_NAMES if name in parted.facts), None)
    if name is None:
        lines.insert(parted.line - 1, f"Tags: {', '.join(tags)}")
    else:
        at = parted.lines[name] - 1
        while at + 2 < parted.line and re.match(r" {4}|\t", lines[at + 1]):
            at += 1
        separator = ", " if str(parted.facts[name]).strip() else ""
        lines[at] = lines[at].rstrip() + (separator or " ") + ", ".join(tags)
    return end.join(lines)


_FORMS: dict[str, Callable[[_Matter], str]] = {
    "yaml": _edit_yaml, "yml": _edit_yaml, "toml": _edit_toml, "json": _edit_json,
}  # fmt: skip
