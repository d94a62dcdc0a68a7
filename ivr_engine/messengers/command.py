"""This file decides how a program of the hotline's owner is run to tell somebody. It does not know what it does."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import msgspec

from ivr_engine.messengers.messenger import ADDRESS, PATIENCE, NotSentError, words_of
from ivr_engine.model.alerts import AlertRaised

MOST_SAID = 200  # bytes of what it complains, that are told
_OURS = "IVR_"  # how environment variables with our secrets begin


@dataclass(frozen=True, slots=True)
class Command:
    """A program and its arguments; no shell takes part. It gets the alert as JSON, and ends with 0 if it did it."""

    arguments: tuple[str, ...]
    within: float = PATIENCE

    async def send(self, alert: AlertRaised, address: str) -> None:
        """Run it to its end. One that is cancelled is killed, with all it has started."""
        arguments = [one.replace(ADDRESS, address) for one in self.arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        with _file(msgspec.json.encode(words_of(alert, address))) as stdin, _complaints() as (stderr, complaint):
            try:
                process = await asyncio.create_subprocess_exec(
                    *arguments,
                    stdin=stdin,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=stderr,
                    env=environment,
                    start_new_session=True,
                )
            except OSError as error:
                raise NotSentError(f"it cannot be run: {(error.strerror or type(error).__name__).lower()}") from None
            status = await _ended(process)
            if status:
                raise NotSentError(f"it ended with status {status}{complaint()}")


async def _ended(process: asyncio.subprocess.Process) -> int:
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


@contextmanager
def _file(content: bytes) -> Iterator[int]:
    """A file in memory: a program that never reads it holds nobody up, as it would with a pipe."""
    descriptor = os.memfd_create("alert")
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _complaints() -> Iterator[tuple[int, "Complaint"]]:
    """Where it complains, and what of it is told. What it leaves running may hold the line: nobody waits for that."""
    loop = asyncio.get_running_loop()
    ear, mouth = os.pipe()
    os.set_blocking(ear, False)
    complaint = Complaint(ear)
    loop.add_reader(ear, complaint.hear)
    try:
        yield mouth, complaint
    finally:
        loop.remove_reader(ear)
        os.close(ear)
        os.close(mouth)


class Complaint:
    """The first words of a program on standard error; all others are let go, so that it never waits for us."""

    def __init__(self, ear: int) -> None:
        self._ear = ear
        self._said = b""

    def hear(self) -> None:
        """Take what is there."""
        with suppress(BlockingIOError):
            self._said = (self._said + os.read(self._ear, 65_536))[:MOST_SAID]

    def __call__(self) -> str:
        """As the end of a sentence."""
        self.hear()
        plain = "".join(char for char in " ".join(self._said.decode(errors="replace").split()) if char.isprintable())
        return f": {plain}" if plain else ""
