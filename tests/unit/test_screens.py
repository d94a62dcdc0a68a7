"""What is on an agent's screen, and how much of a caller's number."""

import pytest

from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId
from ivr_engine.model.notices import CallShown, LinkChanged
from ivr_engine.model.screens import ShownCall, masked
from ivr_engine.screens import Screens

AGENT = SeatId("1001")
CALL = ShownCall(
    *(CallId("hotline-1.1"), "13812345678", "4001", QueueName("urgent"), PoolName("local"), "en", 1.0),
    values={"name": "Wang", "mobile": "+8613812345678"},
)
SHOWN = CallShown(AGENT, 2.0, CALL)


@pytest.mark.parametrize("whole", [True, False])
def test_a_screen_shows_the_call_until_it_is_over(whole: bool) -> None:
    screens = Screens(whole_numbers=whole)
    assert screens.of(AGENT) is None
    screens.hear(LinkChanged(True, 1.0))
    screens.hear(SHOWN)
    assert screens.of(AGENT) == (SHOWN if whole else masked(SHOWN))
    assert screens.of(SeatId("1002")) is None
    screens.hear(CallShown(AGENT, 3.0, None))
    screens.hear(CallShown(AGENT, 3.0, None))
    assert screens.of(AGENT) is None


def test_the_number_is_hidden_wherever_it_stands() -> None:
    hidden = masked(SHOWN).call
    assert hidden is not None
    assert hidden.caller == "138****5678"
    assert hidden.values == {"name": "Wang", "mobile": "+86138****5678"}
    assert masked(CallShown(AGENT, 1.0, None)).call is None


def test_who_shows_no_number_keeps_what_is_known_of_him() -> None:
    nobody = CallShown(
        AGENT, 2.0, ShownCall(*(CALL.call, "", "4001", CALL.queue, CALL.pool, "en", 1.0), values={"a": "b"})
    )
    assert masked(nobody) == nobody
