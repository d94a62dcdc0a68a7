"""What our things are called on Asterisk, and what is let through of what others send."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.asterisk import names
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.commands import AgentPhone, TrunkLine
from ivr_engine.model.ids import CallId, IdMint, PoolName, SeatId, is_leg


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("13812345678", "13812345678"),
        ("+86 138-1234-5678", "+8613812345678"),
        ("", ""),
        ("anonymous", ""),
        ('"><script>alert(1)</script>', "1"),
        ("1001\r\nContact: <sip:evil@x>", "1001"),
        ("${SHELL(rm -rf /)}", ""),
        ("138\u0660\u0661\uff11", "138"),  # digits of other scripts are no digits of a dial pad
        ("9" * 10_000, "9" * 32),
        ("\0\x1b[31m5", "315"),
    ],
)
def test_of_a_callers_number_only_digits_and_plus_are_shown(sent: str, shown: str) -> None:
    assert names.caller_number(sent) == shown


@given(st.text())
def test_no_number_breaks_out_of_anything(sent: str) -> None:
    shown = names.caller_number(sent)
    assert set(shown) <= set(string.digits + "+")
    assert len(shown) <= 32
    assert names.caller_number(shown) == shown


@pytest.mark.parametrize(
    ("cause", "end"),
    [
        (16, LegEnd.HUNG_UP),
        (17, LegEnd.BUSY),
        (18, LegEnd.NO_ANSWER),
        (19, LegEnd.NO_ANSWER),
        (20, LegEnd.UNREACHABLE),
        (3, LegEnd.UNREACHABLE),
        (27, LegEnd.UNREACHABLE),
        (21, LegEnd.REJECTED),
        (0, LegEnd.FAILED),
        (-1, LegEnd.FAILED),
        (127, LegEnd.FAILED),
    ],
)
def test_a_cause_becomes_a_word_and_an_unknown_one_a_failure(cause: int, end: LegEnd) -> None:
    assert names.leg_end(cause) is end


@pytest.mark.parametrize(
    ("channel", "agent"),
    [
        ("PJSIP/1001-0000002a", "1001"),
        ("PJSIP/anna-b-0000002a", "anna-b"),
        ("PJSIP/1001-0000002A", None),
        ("PJSIP/1001", None),
        ("PJSIP/-0000002a", None),
        ("Local/1001@x-0000002a;1", None),
        ("xPJSIP/1001-0000002a", None),
        ("PJSIP/1001-0000002a\n", None),
        ("", None),
    ],
)
def test_whose_phone_a_channel_goes_to(channel: str, agent: str | None) -> None:
    assert names.agent_of(channel) == agent


def test_where_asterisk_dials() -> None:
    assert names.endpoint(AgentPhone(SeatId("1001"))) == "PJSIP/1001"
    assert names.endpoint(TrunkLine(PoolName("chengdu"), "8001")) == "PJSIP/8001@chengdu"


def test_a_sound_is_named_without_its_extension() -> None:
    assert names.media(Path("/srv/prompts/zh-CN/key")) == "sound:/srv/prompts/zh-CN/key"


def test_only_lines_we_opened_are_lines_to_seats() -> None:
    call = CallId("hotline-1732.12")
    mint = IdMint(call)
    assert is_leg(mint.leg())
    assert not any(is_leg(name) for name in (call, mint.bridge(), mint.play(), "1732.12"))
