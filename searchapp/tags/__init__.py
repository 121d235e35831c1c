"""Decides when two tags are one, and what a tag is called."""

from typing import TYPE_CHECKING

from searchapp.lazily import names_from

if TYPE_CHECKING:
    from searchapp.tags.assigning import assign_tags
    from searchapp.tags.map import draw_map
    from searchapp.tags.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Vocabulary", "assign_tags", "draw_map", "read_vocabulary"]

__getattr__ = names_from(
    __name__,
    {
        "assigning": ("assign_tags",),
        "map": ("draw_map",),
        "vocabulary": ("Vocabulary", "read_vocabulary"),
    },
)
