"""This file decides what past calls say of a queue's load. It does not know where past calls are kept."""

from collections.abc import Iterable

from ivr_engine.model.causes import Outcome
from ivr_engine.model.notices import CallRecord
from ivr_engine.staffing.erlang_a import Load

# Nobody gave up, so patience cannot be measured: callers are taken to bear this, about what is seen elsewhere.
UNKNOWN_PATIENCE = 120.0


def load_of(records: Iterable[CallRecord], seconds: float, wrap_up: float) -> Load | None:
    """The load of one queue, of the calls that arrived within `seconds`; None if nobody was answered.

    Patience is the maximum likelihood of an exponential one, where whoever was answered only says that his was longer.
    """
    arrived = answered = gave_up = 0
    talked = waited = 0.0
    for record in records:
        if record.enqueued_at is None:
            continue
        arrived += 1
        waited += (record.connected_at or record.ended_at) - record.enqueued_at
        if record.connected_at is not None:
            answered += 1
            talked += record.ended_at - record.connected_at
        elif record.outcome is Outcome.ABANDONED_IN_QUEUE:
            gave_up += 1
    return load_from(arrived, answered, gave_up, waited, talked + answered * wrap_up, seconds)


def load_from(  # noqa: PLR0913, PLR0917  # six sums
    arrived: int, answered: int, gave_up: int, waited: float, handled: float, seconds: float
) -> Load | None:
    """The same of sums: `waited` and `handled` are seconds of all calls that came within `seconds`."""
    if not answered:
        return None
    patience = max(waited, 1.0) / gave_up if gave_up else UNKNOWN_PATIENCE
    return Load(arrived / seconds, max(handled / answered, 1.0), patience)
