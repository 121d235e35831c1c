"""Caches of an opened generation, which go with it."""

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Any, TypeVar
from weakref import ref

R = TypeVar("R")


def cached(size: int, method: Callable[..., R]) -> "_lru_cache_wrapper[R]":
    """Return a bound method that keeps its `size` last answers, but not its object alive.

    An object that holds a cache of its own method is a circle: the hundred mapped files of a
    generation would stay open until garbage is looked for, which a build never does.
    """
    weakly: ref[object] = ref(method.__self__)  # type: ignore[attr-defined]  # it is bound
    function: Callable[..., R] = method.__func__  # type: ignore[attr-defined]

    @lru_cache(size)
    def ask(*args: Any, **kwargs: Any) -> R:
        owner = weakly()
        if owner is None:
            raise ReferenceError("a cache was asked whose object is gone")
        return function(owner, *args, **kwargs)

    return ask
