"""Which fact an event is; events nobody waits for are passed over."""

from typing import Any

import msgspec
import pytest

from ivr_engine.ari import models
from ivr_engine.asterisk.facts import WANTED, Facts
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    CallerLeft,
    DigitPressed,
    LegAnswered,
    LegEnded,
    LegPressed,
    LegRinging,
    PromptFinished,
    SeatHeard,
)
from ivr_engine.model.ids import CallId, LegId, PlayId, SeatId
from ivr_engine.model.saved import LastTalk
from ivr_engine.runtime.callers import Earlier
from tests.unit.asterisk.fake import channel

CALL, LEG, PLAY = CallId("h-17.1"), LegId("h-17.1.leg1"), PlayId("h-17.1.play2")
SERVED = LastTalk(SeatId("1001"), 5.0)
ARRIVED = CallArrived(CALL, "4000000400", "13812345678", "江苏省连云港市", 2, SERVED)


class Border:
    def __init__(self) -> None:
        self.told: list[AnyEvent] = []
        self.claimed: list[CallId] = []
        self.turned_away: list[LegId] = []
        self.outstanding = Outstanding(self.told.append)
        self.silenced: list[CallId] = []
        self.facts = Facts(
            self.outstanding,
            self.told.append,
            self.claimed.append,
            self.turned_away.append,
            self.silenced.append,
        )
        self.calls: list[str] = ["13812345678"]
        self.facts.count_call = self.count

    def count(self, caller: str) -> Earlier:
        self.calls.append(caller)
        return Earlier(self.calls.count(caller), SERVED if caller else None)

    def take(self, kind: str, **fields: Any) -> list[AnyEvent]:
        stamp = "2026-01-01T00:00:00.000+0000"
        frame = {"type": kind, "application": "hotline.a", "timestamp": stamp, "asterisk_id": "ab"} | fields
        self.facts.take(msgspec.json.decode(msgspec.json.encode(frame), type=models.AnyMessage))
        return self.told

    def caller_comes(self, **fields: Any) -> list[AnyEvent]:
        caller = {"name": "", "number": "13812345678"}
        line = channel(CALL, caller=caller) | fields
        return self.take("StasisStart", args=["inbound", "4000000400"], channel=line)


@pytest.fixture
def border() -> Border:
    return Border()


def test_a_caller_arrives_with_the_number_the_dialplan_sent(border: Border) -> None:
    assert border.caller_comes() == [ARRIVED]
    assert border.caller_comes() == [ARRIVED]  # told again, counted once


@pytest.mark.parametrize("args", [[], ["inbound"], ["adopt", "x"]])
def test_without_it_the_number_is_the_extension(border: Border, args: list[str]) -> None:
    told = border.take("StasisStart", args=args, channel=channel(CALL))
    assert told == [CallArrived(CALL, "400", "")]


def test_a_callers_number_is_cleaned_at_the_border(border: Border) -> None:
    (arrived,) = border.caller_comes(caller={"name": "", "number": 'x"138;${y}'})
    assert isinstance(arrived, CallArrived)
    assert arrived.caller == "138"


@pytest.mark.parametrize(
    "ends",
    [
        [("StasisEnd", {}), ("ChannelDestroyed", {"cause": 16, "cause_txt": ""})],
        [("ChannelDestroyed", {"cause": 16, "cause_txt": ""}), ("StasisEnd", {})],
    ],
)
def test_a_caller_leaves_once_whichever_end_is_told_first(border: Border, ends: list[tuple[str, Any]]) -> None:
    border.caller_comes()
    for kind, fields in ends:
        border.take(kind, channel=channel(CALL), **fields)
    assert border.told == [ARRIVED, CallerLeft(CALL)]


def test_a_line_we_opened_rings_is_answered_and_ends_only_with_its_channel(border: Border) -> None:
    border.outstanding.leg_opened(LEG)
    border.take("ChannelStateChange", channel=channel(LEG, state="Down"))
    border.take("ChannelStateChange", channel=channel(LEG, state="Ringing"))
    border.take("ChannelStateChange", channel=channel(LEG, state="Up"))
    border.take("StasisStart", args=["seat"], channel=channel(LEG))
    border.take("StasisEnd", channel=channel(LEG))
    assert border.told == [LegRinging(LEG), LegAnswered(LEG)]
    border.take("ChannelDestroyed", channel=channel(LEG), cause=17, cause_txt="")
    border.take("ChannelDestroyed", channel=channel(LEG), cause=17, cause_txt="")
    assert border.told[2:] == [LegEnded(LEG, LegEnd.BUSY)]


def test_an_unanswered_line_ends_although_it_never_entered_our_application(border: Border) -> None:
    border.outstanding.leg_opened(LEG)
    assert border.take("ChannelDestroyed", channel=channel(LEG), cause=19, cause_txt="") == [
        LegEnded(LEG, LegEnd.NO_ANSWER)
    ]


def test_a_line_that_answers_after_we_gave_up_on_it_is_turned_away(border: Border) -> None:
    border.take("StasisStart", args=["seat"], channel=channel(LEG))
    assert border.told == []
    assert border.turned_away == [LEG]


def test_a_caller_offered_to_every_engine_is_claimed_and_not_ours_yet(border: Border) -> None:
    border.take("CallBroadcast", channel=channel(CALL))
    assert (border.claimed, border.told) == ([CALL], [])


def test_keys_count_of_our_callers_and_seats_only(border: Border) -> None:
    key = {"digit": "5", "duration_ms": 100, "channel": channel(CALL)}
    assert border.take("ChannelDtmfReceived", **key) == []
    border.caller_comes()
    border.take("ChannelDtmfReceived", **key)
    of_agent = key | {"digit": "7", "channel": channel(LEG)}
    border.take("ChannelDtmfReceived", **of_agent)  # of a line nobody knows
    border.outstanding.leg_opened(LEG)
    border.take("ChannelDtmfReceived", **of_agent)
    assert border.told == [ARRIVED, DigitPressed(CALL, "5"), LegPressed(LEG, "7")]


@pytest.mark.parametrize(("state", "heard"), [("done", True), ("failed", False), ("canceled", False)])
def test_a_seat_has_heard_what_asterisk_says_is_done(border: Border, state: str, heard: bool) -> None:
    border.outstanding.leg_opened(LEG)
    border.outstanding.seat_spoken_to(LEG, PLAY)
    playback = {"id": PLAY, "media_uri": "sound:x", "target_uri": f"channel:{LEG}", "language": "en", "state": state}
    for _ in range(2):
        border.take("PlaybackFinished", playback=playback)
    assert border.told == [SeatHeard(LEG, PLAY, heard)]


def test_who_hangs_up_at_a_seat_has_not_heard_what_is_told_as_done_next(border: Border) -> None:
    border.outstanding.leg_opened(LEG)
    border.outstanding.seat_spoken_to(LEG, PLAY)
    playback = {"id": PLAY, "media_uri": "sound:x", "target_uri": f"channel:{LEG}", "language": "en", "state": "done"}
    border.take("ChannelHangupRequest", channel=channel(LEG))
    border.take("PlaybackFinished", playback=playback)
    border.take("ChannelDestroyed", cause=16, cause_txt="", channel=channel(LEG))
    assert border.told == [LegEnded(LEG, LegEnd.HUNG_UP)]


@pytest.mark.parametrize(("state", "heard"), [("done", True), ("failed", False), ("canceled", False)])
def test_a_playback_was_heard_only_when_asterisk_says_it_is_done(border: Border, state: str, heard: bool) -> None:
    border.caller_comes()
    border.outstanding.play_started(CALL, PLAY)
    playback = {"id": PLAY, "media_uri": "sound:x", "target_uri": f"channel:{CALL}", "language": "en", "state": state}
    for _ in range(2):
        border.take("PlaybackFinished", playback=playback)
    assert border.told == [ARRIVED, PromptFinished(CALL, PLAY, heard)]


def test_silence_goes_on_behind_the_prompts_of_a_hidden_caller_only(border: Border) -> None:
    border.caller_comes()
    playback = {"id": PLAY, "media_uri": "sound:x", "target_uri": f"channel:{CALL}", "language": "en", "state": "done"}
    border.take("PlaybackFinished", playback=playback)
    border.outstanding.hidden.add(CALL)
    assert border.silenced == []
    border.take("PlaybackFinished", playback=playback)
    assert border.silenced == [CALL]
    border.outstanding.caller_left(CALL)
    border.take("PlaybackFinished", playback=playback)
    assert border.silenced == [CALL]


def test_what_nobody_asked_for_is_passed_over(border: Border) -> None:
    border.caller_comes()
    border.take("ChannelVarset", variable="x", value="y", channel=channel(CALL))
    border.take("ChannelDialplan", dialplan_app="x", dialplan_app_data="y", channel=channel(CALL))
    assert border.told == [ARRIVED]


def test_every_event_we_ask_for_is_taken_in_and_no_other(border: Border) -> None:
    assert set(border.facts._handlers) == set(WANTED)


def test_a_code_from_an_agents_own_phone_is_no_call() -> None:
    border, codes = Border(), list[models.Channel]()
    dialplan = {"context": "from-agent", "exten": "*52", "priority": 3, "app_name": "Stasis", "app_data": ""}
    line = channel("h-17.9", name="PJSIP/1001-0000002a", dialplan=dialplan)
    assert border.take("StasisStart", args=["agent"], channel=line) == []  # nobody takes codes yet
    border.facts.on_code = codes.append
    border.take("StasisStart", args=["agent"], channel=line)
    assert [(code.name, code.dialplan.exten) for code in codes] == [("PJSIP/1001-0000002a", "*52")]
    assert border.take("StasisEnd", channel=line) == []
    assert border.outstanding.calls == {}


def test_a_drill_is_known_by_where_its_line_came_in_and_is_no_call_of_its_number(border: Border) -> None:
    context = {"context": "from-drill", "exten": "4000000400", "priority": 5, "app_name": "", "app_data": ""}
    assert border.caller_comes(dialplan=context) == [
        CallArrived(CALL, "4000000400", "13812345678", "江苏省连云港市", drill=True)
    ]
    assert border.calls == ["13812345678"]


def test_nothing_a_caller_sends_makes_a_drill_of_his_call(border: Border) -> None:
    (arrived,) = border.take(
        "StasisStart", args=["inbound", "drill"], channel=channel(CALL, caller={"name": "drill", "number": "drill"})
    )
    assert isinstance(arrived, CallArrived)
    assert not arrived.drill
