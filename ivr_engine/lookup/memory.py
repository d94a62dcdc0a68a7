"""This file decides how long an answer is remembered. It does not know what was asked, and is told the time."""

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """The answers asked for most recently, `most` of them, each until its time. Times are seconds of any one clock."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def recall(self, key: K, now: float) -> V | None:
        """What was kept, unless it is too old."""
        until, value = self._kept.get(key, (now, None))
        if value is None or until <= now:
            self._kept.pop(key, None)
            return None
        self._kept.move_to_end(key)
        return value

    def keep(self, key: K, value: V, until: float) -> None:
        """Keep a value; the one asked for longest ago makes room."""
        self._kept[key] = (until, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
