"""Search and explore everything a writer ever published, each piece once.

from searchapp import open_index

index = open_index("index")
results = index.search("mixture of experts", tag=["moe"], limit=20)
results.total, results.hits, results.facets
"""

from typing import TYPE_CHECKING

from searchapp.errors import SearchappError

if TYPE_CHECKING:
    from searchapp.engine import Index, open_index

__version__ = "0.1.0"

__all__ = ["Index", "SearchappError", "__version__", "open_index"]


def __getattr__(name: str) -> object:
    """Import the engine when it is first asked for, so that `--help` need not wait."""
    if name in ("Index", "open_index"):
        from searchapp import engine  # noqa: PLC0415  # the point of this function

        value: object = getattr(engine, name)
        globals()[name] = value  # asked for once
        return value
    raise AttributeError(f"module 'searchapp' has no attribute {name!r}")
