"""What is kept of what happens, and which sealed file is a message somebody should hear."""

from pathlib import Path

import msgspec
import pytest

from ivr_engine.kept import message_in, recording_row, row_of, row_of_drill
from ivr_engine.model.causes import Outcome
from ivr_engine.model.events import MessageKept
from ivr_engine.model.ids import CallId, IdMint, MessageId, QueueName, SeatId, StepName, WishId, call_of, queue_of
from ivr_engine.model.notices import CallBackRequested, CallRecord, Disposed, Ended, MessageLeft, StepEntered
from ivr_engine.recording.seal import Sealed
from ivr_engine.store.tables import MessageRow, WishRow

CALL, QUEUE = CallId("hotline-1795332174.3"), QueueName("after-hours-2")
MESSAGE = MessageId(f"{CALL}.message-{QUEUE}-7")
SEALED = Sealed(MESSAGE, Path("/vault/x.age"), 999, 12.5, "00ff", 200.0, 190.0, 6.5)
KEPT = MessageKept(CALL, MESSAGE, QUEUE, 12.5, 190.0)


def test_a_message_is_named_so_that_its_call_and_its_queue_are_known() -> None:
    mint = IdMint(CALL, 6)
    assert mint.message(QUEUE) == MESSAGE
    for name in (MESSAGE, f"{MESSAGE}~2"):
        assert (call_of(name), queue_of(name)) == (CALL, QUEUE)
    for other in (CALL, mint.leg(), mint.play(), "hotline-1.2.message-", "x"):
        assert queue_of(other) is None


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, KEPT),
        ({"spoken": 0.1}, None),  # he hung up without a word
        ({"spoken": None}, KEPT),  # sealed by an engine that was killed: nobody can listen any more
        ({"spoken": None, "seconds": 0.0}, None),
        ({"call": CALL, "spoken": None}, None),  # a whole call
    ],
)
def test_what_somebody_spoke_is_a_message(changed: dict[str, object], kept: MessageKept | None) -> None:
    assert message_in(msgspec.structs.replace(SEALED, **changed)) == kept


def test_a_messages_recording_belongs_to_its_call() -> None:
    assert (recording_row(SEALED).call, recording_row(SEALED).path) == (CALL, "/vault/x.age")


def test_what_is_kept_of_notices() -> None:
    record = CallRecord(CALL, "400", "138", "normal", Outcome.ANSWERED, 1.0, 2.0)
    assert row_of(Ended(CALL, 2.0, record)) == record
    assert row_of(Disposed(CALL, 3.0, SeatId("1001"), "solved", record)) == record
    assert row_of(Disposed(CALL, 1.5, SeatId("1001"), "solved")) is None, "its record is yet to come"
    left = MessageLeft(CALL, 190.0, QUEUE, MESSAGE, 12.5)
    assert row_of(left) == MessageRow(MESSAGE, CALL, QUEUE, 190.0, 12.5)
    wanted = CallBackRequested(CALL, 5.0, QUEUE, "13800000000", WishId("w"), 1.0)
    assert row_of(wanted) == WishRow("w", CALL, QUEUE, "13800000000", 1.0, 5.0)
    assert row_of(StepEntered(CALL, 1.0, StepName("main"))) is None


def test_of_a_drill_its_record_is_kept_and_nothing_for_people_to_do() -> None:
    record = CallRecord(CALL, "400", "138", "normal", Outcome.ANSWERED, 1.0, 2.0, drill=True)
    assert row_of_drill(Ended(CALL, 2.0, record)) == record
    assert row_of_drill(Disposed(CALL, 3.0, SeatId("1001"), "solved", record)) == record
    assert row_of_drill(MessageLeft(CALL, 190.0, QUEUE, MESSAGE, 12.5)) is None
    assert row_of_drill(CallBackRequested(CALL, 2.0, QUEUE, "138", WishId("h.1.wish2"), 1.0)) is None
