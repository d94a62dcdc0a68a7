"""This file decides in which line somebody waits whom crises have moved. It does not know what he hears of it."""

from ivr_engine.core.call import Call
from ivr_engine.core.crisis.active import plan_in
from ivr_engine.model.ids import QueueName

# The crises that moved somebody, the first one first, and from which line each did.
Sorted = tuple[tuple[str, QueueName], ...]


def sorted_by(
    call: Call, profile: str, before: Sorted, queue: QueueName | None, *, on: bool
) -> tuple[Sorted, QueueName | None]:
    """What has moved a caller who waits in `queue`, and where he waits, when that crisis is on or off for him as well.

    What others moved since then is reckoned anew without it: when all are off, he is where he was.
    """
    names = [name for name, _ in before]
    if on:
        again, moved = [profile], before
    elif profile in names:
        place = names.index(profile)
        again, moved, queue = names[place + 1 :], before[:place], before[place][1]
    else:
        return before, queue
    for name in again:
        move = plan_in(call.hotline, name).waiting.move
        if queue is not None and queue in move:
            moved, queue = (*moved, (name, queue)), move[queue]
    return moved, queue
