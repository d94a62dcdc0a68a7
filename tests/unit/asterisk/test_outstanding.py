"""Everything started ends exactly once, however often Asterisk tells it, and also when it never does."""

import pytest

from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    CallerLeft,
    LegEnded,
    PromptFinished,
    Resynced,
    SeatHeard,
)
from ivr_engine.model.found import FoundCall, FoundLeg
from ivr_engine.model.ids import CallId, LegId, PlayId
from ivr_engine.model.saved import SavedCall

CALL, LEG, PLAY = CallId("h-1.1"), LegId("h-1.1.leg1"), PlayId("h-1.1.play2")
ARRIVED = CallArrived(CALL, "400", "138")


@pytest.fixture
def told() -> list[AnyEvent]:
    return []


@pytest.fixture
def outstanding(told: list[AnyEvent]) -> Outstanding:
    return Outstanding(told.append)


def test_a_caller_comes_once_and_leaves_once(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    outstanding.caller_left(CALL)  # not ours yet
    for _ in range(2):
        outstanding.caller_came(CALL, ARRIVED)
    for _ in range(2):
        outstanding.caller_left(CALL)
    assert told == [ARRIVED, CallerLeft(CALL)]


def test_a_line_to_a_seat_ends_once_with_the_first_cause(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    outstanding.leg_ended(LEG, LegEnd.FAILED)  # not ours
    outstanding.leg_opened(LEG)
    outstanding.leg_ended(LEG, LegEnd.BUSY)
    outstanding.leg_ended(LEG, LegEnd.LOST)
    assert told == [LegEnded(LEG, LegEnd.BUSY)]


def test_what_is_said_to_a_seat_ends_once(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    outstanding.seat_spoken_to(LEG, PLAY)  # not ours
    outstanding.seat_heard(PLAY, heard=True)
    outstanding.leg_opened(LEG)
    outstanding.seat_spoken_to(LEG, PLAY)
    outstanding.seat_heard(PLAY, heard=True)
    outstanding.seat_heard(PLAY, heard=False)
    assert told == [SeatHeard(LEG, PLAY, heard=True)]


def test_what_is_said_to_a_seat_needs_no_end_when_its_line_ends(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    outstanding.leg_opened(LEG)
    outstanding.seat_spoken_to(LEG, PLAY)
    outstanding.leg_ends(LEG)
    outstanding.seat_heard(PLAY, heard=True)
    outstanding.leg_ended(LEG, LegEnd.HUNG_UP)
    assert told == [LegEnded(LEG, LegEnd.HUNG_UP)]


def test_after_blindness_what_is_said_to_a_seat_that_is_there_can_still_end(
    outstanding: Outstanding, told: list[AnyEvent]
) -> None:
    gone, other = LegId("h-1.1.leg4"), PlayId("h-1.1.play5")
    for leg, play in ((LEG, PLAY), (gone, other)):
        outstanding.leg_opened(leg)
        outstanding.seat_spoken_to(leg, play)
    outstanding.replace(Resynced((), (FoundLeg(LEG, answered=True),), frozenset()))
    outstanding.seat_heard(PLAY, heard=False)
    outstanding.seat_heard(other, heard=False)
    assert told == [SeatHeard(LEG, PLAY, heard=False)]


def test_a_playback_ends_once(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    outstanding.caller_came(CALL, ARRIVED)
    outstanding.play_ended(CALL, PLAY, heard=True)  # never began
    outstanding.play_started(CALL, PLAY)
    outstanding.play_ended(CALL, PLAY, heard=True)
    outstanding.play_ended(CALL, PLAY, heard=False)
    assert told == [ARRIVED, PromptFinished(CALL, PLAY, heard=True)]


def test_nothing_of_a_call_follows_its_end(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    outstanding.caller_came(CALL, ARRIVED)
    outstanding.play_started(CALL, PLAY)
    outstanding.caller_left(CALL)
    outstanding.play_ended(CALL, PLAY, heard=False)
    outstanding.play_started(CALL, PLAY)
    outstanding.play_ended(CALL, PLAY, heard=False)
    assert told == [ARRIVED, CallerLeft(CALL)]


def test_after_blindness_only_what_was_found_still_ends(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    gone, gone_leg = CallId("h-1.2"), LegId("h-1.2.leg1")
    for call in (CALL, gone):
        outstanding.caller_came(call, CallArrived(call, "400", "138"))
    outstanding.play_started(CALL, PLAY)
    for leg in (LEG, gone_leg):
        outstanding.leg_opened(leg)
    told.clear()
    outstanding.replace(Resynced((FoundCall(CALL, "400", "138"),), (FoundLeg(LEG, True),), frozenset()))
    outstanding.caller_left(gone)
    outstanding.leg_ended(gone_leg, LegEnd.HUNG_UP)
    assert told == []
    outstanding.play_ended(CALL, PLAY, heard=False)
    outstanding.leg_ended(LEG, LegEnd.HUNG_UP)
    outstanding.caller_left(CALL)
    assert told == [PromptFinished(CALL, PLAY, heard=False), LegEnded(LEG, LegEnd.HUNG_UP), CallerLeft(CALL)]


def test_a_playback_a_former_engine_began_ends_for_this_one(outstanding: Outstanding, told: list[AnyEvent]) -> None:
    saved = SavedCall("400", "138", 1.0, 5, "en", "normal", play=PLAY)
    outstanding.replace(Resynced((FoundCall(CALL, "400", "138", saved),), (), frozenset()))
    for _ in range(2):
        outstanding.play_ended(CALL, PLAY, heard=False)
    assert told == [PromptFinished(CALL, PLAY, heard=False)]
