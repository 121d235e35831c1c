"""Caches of an opened generation, which go with it."""

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from types import MethodType
from typing import Any, TypeVar, cast
from weakref import ref

R = TypeVar("R")


def cached(size: int, method: Callable[..., R]) -> "_lru_cache_wrapper[R]":
    """Return a bound method that keeps its `size` last answers, but not its object alive.

    An object that holds a cache of its own method is a circle: the hundred mapped files of a
    generation would stay open until garbage is looked for, which a build never does.
    """
    bound = cast("MethodType", method)
    weakly, function = ref(bound.__self__), bound.__func__

    @lru_cache(size)
    def ask(*args: Any) -> R:
        owner = weakly()
        if owner is None:
            raise ReferenceError("a cache was asked whose object is gone")
        return cast("R", function(owner, *args))

    return ask
