"""The engine: writes works into a generation, opens it, answers queries.

Everything of Whoosh and of the arrays stays in here, behind `write_generation`,
`lock_for_building`, `open_index` and `Index`; another engine could stand in its place.
"""

from searchapp.engine.index import Index, open_index

__all__ = ["Index", "open_index"]
