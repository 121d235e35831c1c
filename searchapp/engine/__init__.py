"""The engine: writes works into a generation, opens it, answers queries.

Everything of Whoosh and of the arrays stays in here, behind `write_generation`,
`lock_for_building`, `open_index` and `Index`; another engine could stand in its place.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from searchapp.engine.index import Index, open_index

__all__ = ["Index", "open_index"]


def __getattr__(name: str) -> object:
    """Import what answers queries when it is first asked for: a build does without."""
    if name in __all__:
        from searchapp.engine import index  # noqa: PLC0415  # the point of this function

        return getattr(index, name)
    raise AttributeError(f"module 'searchapp.engine' has no attribute {name!r}")
