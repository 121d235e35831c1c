"""Decides when two tags are one, and what a tag is called."""

from searchapp.tags.assigning import assign_tags
from searchapp.tags.map import draw_map
from searchapp.tags.vocabulary import Vocabulary, read_vocabulary

__all__ = ["Vocabulary", "assign_tags", "draw_map", "read_vocabulary"]
