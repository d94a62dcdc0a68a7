"""This file decides what happens when a part that should run for ever ends. It does not know what the part does."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

OnEnded = Callable[[str], None]  # told which part ended, and how


def watched(work: Coroutine[Any, Any, Any], name: str, on_ended: OnEnded) -> "asyncio.Task[Any]":
    """Run a part that ends only when cancelled. An engine with a dead part still claims calls: it must not go on."""
    task = asyncio.create_task(work, name=name)

    def ended(done: "asyncio.Task[Any]") -> None:
        if not done.cancelled():
            on_ended(f"the part {name!r} ended ({done.exception()!r}): start the engine again")

    task.add_done_callback(ended)
    return task
