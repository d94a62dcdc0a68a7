"""Decides in which order commands go out: one queue for each key, nothing lost; it knows no command.

Asterisk carries out commands in the order it receives them, but a pool of connections has no order. Giving
each channel a lane keeps "stop the prompt, then bridge" in that order while other calls go on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

T = TypeVar("T")

#: A call without arguments that starts one command. Not a coroutine: one that is never begun must not exist.
Job: TypeAlias = Callable[[], Awaitable[object]]


class Lanes:
    """Runs jobs of the same key one after the other and jobs of different keys at the same time.

    Args:
        on_error: called with the key and the exception of each job given to :meth:`submit` that raised.
        width: most jobs running at once, over all keys.
    """

    def __init__(self, *, on_error: Callable[[Hashable, BaseException], None], width: int = 32) -> None:
        if width < 1:
            raise ValueError(f"width must be at least 1, not {width}")
        self._on_error = on_error
        self._turns = asyncio.Semaphore(width)
        self._lanes: dict[Hashable, deque[Job]] = {}
        self._runners: set[asyncio.Task[None]] = set()
        self._outcomes: set[asyncio.Future[Any]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose(drain=0.0 if error is not None else None)

    def __len__(self) -> int:
        """How many keys have a job waiting or running; a lane that has none is gone."""
        return len(self._lanes)

    @property
    def busy(self) -> frozenset[Hashable]:
        """The keys that have a job waiting or running."""
        return frozenset(self._lanes)

    @property
    def waiting(self) -> int:
        """How many jobs have not begun, over all keys."""
        return sum(len(lane) for lane in self._lanes.values())

    def submit(self, key: Hashable, job: Job) -> None:
        """Put ``job`` at the end of the lane of ``key`` and return at once.

        Raises:
            RuntimeError: the lanes are closed.
        """
        if self._closed:
            raise RuntimeError("these lanes are closed")
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(job)
            return
        self._lanes[key] = deque([job])
        runner = asyncio.get_running_loop().create_task(self._run(key), name=f"lane {key}")
        self._runners.add(runner)
        runner.add_done_callback(self._runners.discard)

    async def run(self, key: Hashable, job: Callable[[], Awaitable[T]]) -> T:
        """Put ``job`` at the end of the lane of ``key`` and give its result or raise its exception.

        A caller that is cancelled takes its job with it if that has not begun; one that has begun is finished,
        because its command is already on the wire.

        Raises:
            RuntimeError: the lanes are closed.
            asyncio.CancelledError: they were closed before the job had finished.
        """
        outcome: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        async def settle() -> None:
            if outcome.cancelled():
                return
            try:
                result = await job()
                if not outcome.cancelled():
                    outcome.set_result(result)
            except Exception as error:
                if outcome.cancelled():
                    raise  # nobody is left to raise it to; on_error hears of it
                outcome.set_exception(error)
            finally:
                outcome.cancel()  # changes nothing unless the job was cancelled

        self.submit(key, settle)
        self._outcomes.add(outcome)
        outcome.add_done_callback(self._outcomes.discard)
        return await outcome

    async def aclose(self, *, drain: float | None = 0.0) -> None:
        """Refuse new jobs, let those submitted go on for ``drain`` seconds, cancel the rest and wait for them.

        ``None`` waits as long as they take. Safe to call twice; not to be called by a job.
        """
        self._closed = True
        try:
            if self._runners and drain != 0.0:
                await asyncio.wait(self._runners, timeout=drain)
        finally:
            runners = list(self._runners)
            for task in (*runners, *self._outcomes):
                task.cancel()
            await asyncio.gather(*runners, return_exceptions=True)
            self._lanes.clear()

    async def _run(self, key: Hashable) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                async with self._turns:
                    await self._do(key, lane.popleft())
        finally:
            # No await since the last look at the lane, so no job can have slipped in.
            self._lanes.pop(key, None)

    async def _do(self, key: Hashable, job: Job) -> None:
        try:
            await job()
        except asyncio.CancelledError as error:
            runner = asyncio.current_task()
            if runner is None or runner.cancelling():
                raise
            self._report(key, error)  # only the job was cancelled, by something it waited for
        except Exception as error:  # noqa: BLE001 -- one failed job must not take the rest of its lane with it
            self._report(key, error)

    def _report(self, key: Hashable, error: BaseException) -> None:
        try:
            self._on_error(key, error)
        except Exception as fault:  # noqa: BLE001 -- nor may a faulty listener
            context = {"message": "the listener for failed lane jobs failed", "exception": fault}
            asyncio.get_running_loop().call_exception_handler(context)
