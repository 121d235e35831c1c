"""Turns documents into works: evidence --> groups --> a canonical document and its places.

Joining two different pieces hides one of them; missing a copy only shows it twice. So
documents are joined on evidence, never on a similar title alone, and doubt is told to the
owner, whose verdict beats every rule.
"""

from typing import TYPE_CHECKING

from searchapp.lazily import names_from

if TYPE_CHECKING:
    from searchapp.dedup.bodies import compare_texts
    from searchapp.dedup.explaining import explain
    from searchapp.dedup.joining import join_documents
    from searchapp.dedup.model import (
        Conflict,
        Explanation,
        Joined,
        Likeness,
        NearMiss,
        RuleFinding,
    )
    from searchapp.dedup.verdicts import Verdict, Verdicts, read_verdicts

__all__ = [
    "Conflict", "Explanation", "Joined", "Likeness", "NearMiss", "RuleFinding",
    "Verdict", "Verdicts", "compare_texts", "explain", "join_documents", "read_verdicts",
]  # fmt: skip

__getattr__ = names_from(
    __name__,
    {
        "bodies": ("compare_texts",),
        "explaining": ("explain",),
        "joining": ("join_documents",),
        "model": ("Conflict", "Explanation", "Joined", "Likeness", "NearMiss", "RuleFinding"),
        "verdicts": ("Verdict", "Verdicts", "read_verdicts"),
    },
)
