"""This file decides how it is kept what an agent says of a call, in the talk or in his rest. It does not know codes."""

import msgspec

from ivr_engine.core.call import Call
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.parties import Refused
from ivr_engine.core.saves import Saves
from ivr_engine.core.seat import Seat, SeatState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallRecord, Disposed


class Dispositions:
    """Says of calls how they went, while they go on or when they are over."""

    def __init__(self, out: Outbox, saves: Saves) -> None:
        self._out = out
        self._saves = saves

    def ended(self, record: CallRecord, seat: Seat | None) -> None:
        """A call is over; `seat` had it last, if it is still there."""
        if seat is not None and seat.last_call == record.call:
            seat.last_record = record

    def dispose(self, seat: Seat, call: Call | None, queue: QueuePlan | None, code: str) -> Refused | None:
        """Keep how a call went: `call` is the one that goes on, None for the seat's last one, which is over."""
        record = seat.last_record
        if (call is None and record is None) or seat.state not in (SeatState.TALKING, SeatState.WRAP_UP):
            return Refused(f"{seat.id} has no call: say how one went while he talks, or in his rest after it")
        known = queue.dispositions if queue else {}
        tag = known.get(code, code if code in known.values() else None)
        if tag is None:
            such = ", ".join(f"{key} ({name})" for key, name in known.items()) or "the queue has no `dispositions`"
            return Refused(f"{code!r} says nothing of a call of that queue: {such}")
        if call is not None:
            call.tag(tag)
            call.disposition = tag
            self._saves.add(call)
            self._tell(seat, call.id, tag, None)
        elif record is not None:
            tags = record.tags if tag in record.tags else (*record.tags, tag)
            seat.last_record = msgspec.structs.replace(record, tags=tags, disposition=tag)
            self._tell(seat, record.call, tag, seat.last_record)
        return None

    def _tell(self, seat: Seat, call: CallId, tag: str, record: CallRecord | None) -> None:
        self._out.tell(Disposed(call, self._out.now, seat.id, tag, record))
