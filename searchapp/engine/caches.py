"""Caches of an opened generation, which go with it."""

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, TypeVar
from weakref import WeakMethod

R = TypeVar("R")


def cached(size: int, method: Callable[..., R]) -> "_lru_cache_wrapper[R]":
    """Return a bound method that keeps its `size` last answers, but not its object alive.

    An object that holds a cache of its own method is a circle: the hundred mapped files of a
    generation would stay open until garbage is looked for, which a build never does.
    """
    weakly = WeakMethod(method)

    @lru_cache(size)
    def ask(*args: Any, **kwargs: Any) -> R:
        bound = weakly()
        if bound is None:
            raise ReferenceError("a cache was asked whose object is gone")
        return bound(*args, **kwargs)

    return ask
