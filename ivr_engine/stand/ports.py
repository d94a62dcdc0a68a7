"""This file decides which ports a stand may use, so that two stands on one machine never meet.

It knows locks and sockets, and nothing of what will listen there.
"""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from ivr_engine.errors import StartError

# Below 32768, where the kernel starts handing out ports to anybody who connects.
_FIRST, _BLOCK, _BLOCKS = 12000, 1000, 20
_LOOPBACKS = ("127.0.0.1", "127.0.0.2")


class Ports:
    """A block of ports that is this process's alone until `release`, or until the process ends in whatever way."""

    def __init__(self, block: range, lock: int) -> None:
        self._next = block.start
        self._block = block
        self._lock = lock

    @classmethod
    def reserve(cls) -> Self:
        """Take the first block no other stand holds. The lock is the kernel's, so a killed stand leaves none."""
        folder = Path(tempfile.gettempdir()) / f"ivr-ports-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        for index in range(_BLOCKS):
            start = _FIRST + index * _BLOCK
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            lock = os.open(folder / f"{start}.lock", flags, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lock)
                continue
            return cls(range(start, start + _BLOCK), lock)
        raise StartError(f"all {_BLOCKS} blocks of ports are taken by other stands ({folder}); stop one of them")

    @property
    def first(self) -> int:
        """The block's first port, which names it."""
        return self._block.start

    def one(self) -> int:
        """The next port nobody listens on, for TCP and UDP."""
        return self.several(1).start

    def several(self, count: int) -> range:
        """The next `count` free ports in a row, the first of them even, as RTP wants it."""
        start = self._next + self._next % 2 if count > 1 else self._next
        while start + count <= self._block.stop:
            wanted = range(start, start + count)
            taken = next((port for port in reversed(wanted) if not _is_free(port)), None)
            if taken is None:
                self._next = wanted.stop
                return wanted
            start = taken + 1 + ((taken + 1) % 2 if count > 1 else 0)
        raise StartError(f"no {count} free ports left in {self._block.start}-{self._block.stop - 1}; ask for fewer")

    def release(self) -> None:
        """Give the block back. A second time is no mistake."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


@contextmanager
def reserved_ports() -> Iterator[Ports]:
    """A block of ports for the length of a `with`."""
    ports = Ports.reserve()
    try:
        yield ports
    finally:
        ports.release()


def require_free(host: str, port: int, what: str) -> None:
    """Raise StartError when somebody already listens there, before anything of ours is half started."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        if not _can_bind(host, port, kind):
            raise StartError(f"port {port} on {host}, wanted for {what}, is taken; stop who has it or set another")


def _is_free(port: int) -> bool:
    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    return all(_can_bind(host, port, kind) for host in _LOOPBACKS for kind in kinds)


def _can_bind(host: str, port: int, kind: socket.SocketKind) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as trial:
        if kind == socket.SOCK_STREAM:  # as servers do: an old connection's TIME_WAIT does not count as taken
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True
