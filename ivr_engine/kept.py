"""This file decides which rows are kept of what happens, and which sealed file is a message. It knows no database."""

from ivr_engine.audited import deed_of
from ivr_engine.model.causes import CalledBack
from ivr_engine.model.events import MessageKept
from ivr_engine.model.ids import MessageId, call_of, queue_of
from ivr_engine.model.notices import AnyNotice, CallBackRequested, CallBackTried, Disposed, Ended, MessageLeft
from ivr_engine.recording.seal import Sealed
from ivr_engine.store.tables import MessageRow, RecordingRow, Row, WishRow, WishTried

THE_ENGINE = "the engine"  # that calls back by itself
LEAST_SPOKEN_SECONDS = 0.3  # a short word; a click at hanging up is less


def row_of(notice: AnyNotice) -> Row | None:
    """What is kept of a notice; None for most."""
    match notice:
        case Ended(record=record):
            return record
        case Disposed(record=record):
            return record
        case MessageLeft(call, at, queue, message, seconds):
            return MessageRow(message, call, queue, at, seconds)
        case CallBackRequested(call, at, queue, to, wish, since):
            return WishRow(wish, call, queue, to, since, asked_at=at)
        case CallBackTried(_, at, _, wish, attempt, result):
            done = result is not CalledBack.NOT_REACHED
            return WishTried(wish, attempt, at, THE_ENGINE, done, result.value)
    return deed_of(notice)


def row_of_drill(notice: AnyNotice) -> Row | None:
    """What is kept of a notice of a drill call: its record. Nobody is to hear its message, or to call anybody back."""
    return row_of(notice) if isinstance(notice, Ended | Disposed) else None


def recording_row(sealed: Sealed) -> RecordingRow:
    """What is kept of a recording."""
    call, path = call_of(sealed.call), str(sealed.path)
    return RecordingRow(call, path, sealed.bytes, sealed.seconds, sealed.sha256, sealed.sealed_at)


def message_in(sealed: Sealed) -> MessageKept | None:
    """The message that was sealed; None when it is a call, or nobody speaks. In doubt somebody does."""
    queue = queue_of(sealed.call)
    spoken = sealed.seconds if sealed.spoken is None else sealed.spoken
    if queue is None or spoken < LEAST_SPOKEN_SECONDS:
        return None
    return MessageKept(call_of(sealed.call), MessageId(sealed.call), queue, sealed.seconds, sealed.ended_at)
