"""Reads a list in YAML as a tree of nodes, each of which is made a value alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from searchapp.errors import ContentError
from searchapp.sources.guarded import Repeated, compose_yaml, construct, stands_twice
from searchapp.sources.parts import Part, find_group, group_of, not_a_group

LIMIT = 8 * 2**20


def parts_of_yaml(text: str) -> Iterator[Part]:
    """Yield the parts of a file of YAML; a bad entry is refused without harm to the others."""
    loader, root, repeated = compose_yaml(text, LIMIT)
    if root is not None:
        yield from _YamlList(loader, repeated).parts(root)


@dataclass(frozen=True, slots=True)
class _YamlList:
    loader: Any
    repeated: Sequence[Repeated]

    def parts(self, root: yaml.Node) -> Iterator[Part]:
        if isinstance(root, yaml.SequenceNode):
            for node in root.value:
                yield from self._member(node)
        elif isinstance(root, yaml.MappingNode):
            for key, value in root.value:
                yield from self._group(str(key.value), group_of(str(key.value)), value, key)
        else:
            raise ContentError("is not a list; write each entry as '- title: ...'", 1)

    def _member(self, node: yaml.Node) -> Iterator[Part]:
        """Yield an entry, or those of a group that stands in the list as a mapping."""
        if isinstance(node, yaml.MappingNode):
            pairs = {str(key.value): value for key, value in node.value}
            found = find_group(pairs)
            if found and isinstance(pairs[found[1]], yaml.SequenceNode):
                name = str(pairs[found[0]].value)
                yield from self._group(name, (found[0], name), pairs[found[1]], node)
                return
        yield self._part(node, None)

    def _group(
        self, name: str, group: tuple[str, str] | None, value: yaml.Node, key: yaml.Node
    ) -> Iterator[Part]:
        line = key.start_mark.line + 1
        if isinstance(value, yaml.SequenceNode) and value.value:
            for node in value.value:
                yield from [self._part(node, group)] if group else self._member(node)
        elif isinstance(value, yaml.SequenceNode) or value.tag == "tag:yaml.org,2002:null":
            if group:
                yield Part(None, line, group)
        else:
            yield not_a_group(name, line)

    def _part(self, node: yaml.Node, group: tuple[str, str] | None) -> Part:
        line, last = node.start_mark.line + 1, node.end_mark.line + 1
        try:
            value = construct(self.loader, node)
        except ContentError as error:
            return Part(None, line, error=error)
        doubles = tuple(
            (double.line, stands_twice(double.key))
            for double in self.repeated
            if line <= double.line <= last
        )
        return Part({} if value is None else value, line, group, warnings=doubles)
