"""Every pair of state and trigger: it is in the table, or it raises and leaves the state alone."""

from itertools import product

import pytest

from ivr_engine.core.call import CALL_TABLE, Call, CallState, CallTrigger
from ivr_engine.core.seat import SEAT_TABLE, SeatState, SeatTrigger, agent_seat
from ivr_engine.errors import IllegalTransition
from ivr_engine.model.ids import CallId, IdMint, PoolName, SeatId
from tests.simulation.world import acme

HOTLINE = acme()


def a_call(state: CallState) -> Call:
    name = CallId("sim-1.0")
    return Call(name, "4000000400", "138", 0.0, HOTLINE.normal, "en", IdMint(name), HOTLINE, state=state)


@pytest.mark.parametrize(("state", "trigger"), list(product(CallState, CallTrigger)))
def test_a_call_moves_by_its_table_or_not_at_all(state: CallState, trigger: CallTrigger) -> None:
    call, allowed = a_call(state), CALL_TABLE.rules[state]
    if trigger in allowed:
        call.happens(trigger)
        assert call.state is allowed[trigger]
    else:
        with pytest.raises(IllegalTransition, match=f"call: '{trigger.value}' may not happen while '{state.value}'"):
            call.happens(trigger)
        assert call.state is state


@pytest.mark.parametrize(("state", "trigger"), list(product(SeatState, SeatTrigger)))
def test_a_seat_moves_by_its_table_or_not_at_all(state: SeatState, trigger: SeatTrigger) -> None:
    seat, allowed = agent_seat(SeatId("1001"), PoolName("local")), SEAT_TABLE.rules[state]
    seat.state = state
    if trigger in allowed:
        seat.happens(trigger)
        assert seat.state is allowed[trigger]
    else:
        with pytest.raises(IllegalTransition, match="seat: "):
            seat.happens(trigger)
        assert seat.state is state


# What must never become possible, whoever edits the tables. These lines repeat no table: they say why it is so.


def test_a_call_we_ended_comes_back_to_nothing() -> None:
    assert CALL_TABLE.rules[CallState.LEAVING] == {}


def test_every_other_call_can_be_ended_by_us() -> None:
    without_a_line = (CallState.LEAVING, CallState.AWAY)
    ends = {CALL_TABLE.rules[state].get(CallTrigger.HANG_UP) for state in CallState if state not in without_a_line}
    assert ends == {CallState.LEAVING}


def test_nobody_talks_who_was_not_joined() -> None:
    leading = {(s, t) for s, row in CALL_TABLE.rules.items() for t, to in row.items() if to is CallState.TALKING}
    assert leading == {(CallState.JOINING, CallTrigger.JOINED)}


def test_only_a_ready_seat_is_rung() -> None:
    leading = {(s, t) for s, row in SEAT_TABLE.rules.items() for t, to in row.items() if to is SeatState.RINGING}
    assert leading == {(SeatState.READY, SeatTrigger.RING)}


def test_a_seat_with_a_line_is_freed_by_the_end_of_that_line_and_by_nothing_else() -> None:
    for state in (SeatState.RINGING, SeatState.TALKING):
        freeing = {t for t, to in SEAT_TABLE.rules[state].items() if to not in (SeatState.RINGING, SeatState.TALKING)}
        assert freeing == {SeatTrigger.LEG_ENDED}


def test_who_is_paused_signed_out_or_out_of_reach_comes_to_a_call_only_by_way_of_ready() -> None:
    for state in (SeatState.PAUSED, SeatState.SIGNED_OUT, SeatState.OFFLINE, SeatState.WRAP_UP):
        assert not set(SEAT_TABLE.rules[state].values()) & {SeatState.RINGING, SeatState.TALKING}


def test_no_order_takes_a_seat_out_of_a_call_or_a_rest() -> None:
    orders = {SeatTrigger.PAUSED, SeatTrigger.RESUMED, SeatTrigger.SIGNED_IN, SeatTrigger.SIGNED_OUT}
    for state in (SeatState.RINGING, SeatState.TALKING, SeatState.WRAP_UP):
        assert not orders & SEAT_TABLE.rules[state].keys()


@pytest.mark.parametrize("table", [CALL_TABLE, SEAT_TABLE], ids=lambda table: table.name)
def test_every_state_has_a_row(table: object) -> None:
    states = CallState if table is CALL_TABLE else SeatState
    assert set(table.rules) == set(states)  # type: ignore[attr-defined]
