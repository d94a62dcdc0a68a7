"""Which requests carry out an order, and that every failure becomes exactly one fact."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest

from ivr_engine.ari import AriDropped, AriError, AriTimeout, AriUnreachable, Conflict, ServerFault
from ivr_engine.asterisk.orders import Orders
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import (
    AnyEvent,
    CallArrived,
    CallerLeft,
    CommandFailed,
    Joined,
    JoinFailed,
    LegEnded,
    PromptFinished,
    SeatHeard,
)
from ivr_engine.model.ids import BridgeId, CallId, LegId, PlayId, SeatId
from ivr_engine.model.prompt import Prompt
from ivr_engine.model.saved import SavedCall
from ivr_engine.prompts import PromptBook
from tests.unit.asterisk.fake import FakeAri, not_found

CALL, LEG, PLAY, BRIDGE = CallId("h-1.1"), LegId("h-1.1.leg1"), PlayId("h-1.1.play2"), BridgeId("h-1.1.bridge3")
PROMPT = Prompt("en", "Hello")
RING = c.RingSeat(CALL, LEG, c.AgentPhone(SeatId("1001")), "+86 138", 25.0)
Failure = Callable[[], AriError]


def refused() -> AriError:
    return ServerFault("POST", "/x", "Allocation failed", 500)


def conflict() -> AriError:
    return Conflict("POST", "/x", "not in Stasis", 409)


def timeout() -> AriError:
    return AriTimeout("POST", "/x", "no answer within 5 s")


def dropped() -> AriError:
    return AriDropped("POST", "/x", "the connection ended")


def unreachable() -> AriError:
    return AriUnreachable("POST", "/x", "no connection")


class Desk:
    def __init__(self) -> None:
        self.told: list[AnyEvent] = []
        self.ari = FakeAri()
        self.outstanding = Outstanding(self.told.append)
        self.orders = Orders(
            self.ari.client, "hotline.a", PromptBook(Path("/prompts")).path, self.outstanding, self.told.append
        )
        self.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
        self.told.clear()

    async def do(self, order: c.AnyCommand) -> list[AnyEvent]:
        self.orders.register(order)
        await self.orders.carry_out(order)
        return self.told


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- what goes out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "method", "path"),
    [
        (c.Answer(CALL), "POST", "/channels/h-1.1/answer"),
        (c.Play(CALL, PLAY, (PROMPT,)), "POST", "/channels/h-1.1/play/h-1.1.play2"),
        (c.StopPlay(CALL, PLAY), "DELETE", "/playbacks/h-1.1.play2"),
        (c.StartMusic(CALL), "POST", "/channels/h-1.1/moh"),
        (c.StopMusic(CALL), "DELETE", "/channels/h-1.1/moh"),
        (RING, "POST", "/channels/h-1.1.leg1"),
        (c.SpeakToSeat(CALL, LEG, PLAY, (PROMPT,)), "POST", "/channels/h-1.1.leg1/play/h-1.1.play2"),
        (c.HangUpLeg(CALL, LEG), "DELETE", "/channels/h-1.1.leg1"),
        (c.DropBridge(CALL, BRIDGE), "DELETE", "/bridges/h-1.1.bridge3"),
        (c.HangUpCall(CALL), "DELETE", "/channels/h-1.1"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, c.Command) else None,
)
async def test_each_order_is_one_request_and_tells_nothing_by_itself(
    desk: Desk, order: c.AnyCommand, method: str, path: str
) -> None:
    assert await desk.do(order) == []
    assert [(sent.method, unquote(sent.path)) for sent in desk.ari.sent] == [(method, path)]


async def test_a_hidden_callers_voice_is_muted_and_his_recording_keeps_its_time(desk: Desk) -> None:
    await desk.do(c.HideCaller(CALL, on=True))
    await desk.orders.keep_time(CALL)
    await desk.do(c.HideCaller(CALL, on=False))
    await desk.orders.keep_time(CALL)
    silent = ["channels.start_silence", "channels.start_silence"]
    assert desk.ari.operations == ["channels.mute", *silent, "channels.unmute", "channels.stop_silence"]
    assert {sent.query["direction"] for sent in desk.ari.sent if "mute" in sent.operation} == {"in"}
    assert desk.told == []


async def test_silence_that_cannot_be_kept_up_is_no_trouble(desk: Desk) -> None:
    await desk.do(c.HideCaller(CALL, on=True))
    desk.ari.fails["channels.start_silence"] = timeout
    await desk.orders.keep_time(CALL)
    assert desk.told == []


async def test_joining_builds_the_bridge_and_puts_both_in_it(desk: Desk) -> None:
    assert await desk.do(c.Join(CALL, LEG, BRIDGE)) == [Joined(CALL, BRIDGE)]
    built, added = desk.ari.sent
    assert unquote(built.path) == "/bridges/h-1.1.bridge3"
    assert built.query["type"] == "mixing,video_sfu", "plain mixing spoils recordings: ADR 0022"
    assert unquote(added.path) == "/bridges/h-1.1.bridge3/addChannel"
    assert added.query["channel"] == [CALL, LEG]


async def test_the_line_to_a_seat_bears_our_id_and_a_clean_number(desk: Desk) -> None:
    await desk.do(RING)
    query = desk.ari.sent[0].query
    assert (query["endpoint"], query["app"], query["callerId"]) == ("PJSIP/1001", "hotline.a", "+86138")
    assert query["timeout"] == 25


async def test_the_saved_state_can_be_read_back(desk: Desk) -> None:
    state = SavedCall("400", "138", 1.5, 7, "zh-CN", "normal", tags=("a'b\"c;${x}",))
    await desk.do(c.SaveState(CALL, state))
    body = desk.ari.sent[0].body
    assert isinstance(body, dict)
    assert msgspec.json.decode(body["variables"]["IVR_STATE"], type=SavedCall) == state


# --- what comes back when it fails --------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [refused, conflict, not_found])
async def test_a_refused_originate_ends_the_line_once_and_nothing_is_hung_up(desk: Desk, failure: Failure) -> None:
    desk.ari.fails["channels.originate_with_id"] = failure
    assert await desk.do(RING) == [LegEnded(LEG, LegEnd.UNREACHABLE)]
    desk.outstanding.leg_ended(LEG, LegEnd.HUNG_UP)  # were Asterisk to tell it as well
    assert desk.told == [LegEnded(LEG, LegEnd.UNREACHABLE)]
    assert desk.ari.operations == ["channels.originate_with_id"]


@pytest.mark.parametrize("failure", [timeout, dropped, unreachable])
@pytest.mark.parametrize("hang_up_fails", [None, not_found, timeout])
async def test_an_originate_of_unknown_outcome_is_hung_up_and_then_taken_as_ended(
    desk: Desk, failure: Failure, hang_up_fails: Failure | None
) -> None:
    desk.ari.fails["channels.originate_with_id"] = failure
    if hang_up_fails is not None:
        desk.ari.fails["channels.hangup"] = hang_up_fails
    told = await desk.do(RING)
    assert desk.ari.operations == ["channels.originate_with_id", "channels.hangup"]
    assert told[0] == LegEnded(LEG, LegEnd.FAILED)
    assert [type(fact) for fact in told[1:]] == [CommandFailed]


async def test_the_end_of_a_line_that_is_told_before_its_originate_answers_counts_once(desk: Desk) -> None:
    def ended_meanwhile() -> AriError:
        desk.outstanding.leg_ended(LEG, LegEnd.BUSY)
        return timeout()

    desk.ari.fails["channels.originate_with_id"] = ended_meanwhile
    told = await desk.do(RING)
    assert [fact for fact in told if isinstance(fact, LegEnded)] == [LegEnded(LEG, LegEnd.BUSY)]


@pytest.mark.parametrize("failure", [refused, timeout, not_found])
async def test_a_prompt_that_cannot_be_played_ends_unheard(desk: Desk, failure: Failure) -> None:
    desk.ari.fails["channels.play_with_id"] = failure
    told = await desk.do(c.Play(CALL, PLAY, (PROMPT,)))
    assert told[0] == PromptFinished(CALL, PLAY, heard=False)
    assert len([fact for fact in told if isinstance(fact, PromptFinished)]) == 1


@pytest.mark.parametrize("failure", [refused, conflict, timeout, not_found])
async def test_what_cannot_be_said_to_a_seat_was_not_heard(desk: Desk, failure: Failure) -> None:
    desk.outstanding.leg_opened(LEG)
    desk.ari.fails["channels.play_with_id"] = failure
    told = await desk.do(c.SpeakToSeat(CALL, LEG, PLAY, (PROMPT,)))
    assert told[0] == SeatHeard(LEG, PLAY, heard=False)
    assert len([fact for fact in told if isinstance(fact, SeatHeard)]) == 1


async def test_what_was_said_to_a_seat_and_is_over_ends_when_it_is_stopped(desk: Desk) -> None:
    desk.outstanding.leg_opened(LEG)
    desk.orders.register(c.SpeakToSeat(CALL, LEG, PLAY, (PROMPT,)))
    desk.ari.fails["playbacks.stop"] = not_found
    for _ in range(2):
        await desk.do(c.StopPlay(CALL, PLAY))
    assert desk.told == [SeatHeard(LEG, PLAY, heard=False)]


async def test_a_prompt_that_is_over_ends_when_it_is_stopped(desk: Desk) -> None:
    desk.orders.register(c.Play(CALL, PLAY, (PROMPT,)))
    desk.ari.fails["playbacks.stop"] = not_found
    for _ in range(2):
        await desk.do(c.StopPlay(CALL, PLAY))
    assert desk.told == [PromptFinished(CALL, PLAY, heard=False)]


@pytest.mark.parametrize("step", ["bridges.create_with_id", "bridges.add_channel"])
@pytest.mark.parametrize("failure", [refused, conflict, timeout, not_found])
async def test_a_join_that_fails_in_either_step_fails_once(desk: Desk, step: str, failure: Failure) -> None:
    desk.ari.fails[step] = failure
    told = await desk.do(c.Join(CALL, LEG, BRIDGE))
    assert [(type(fact), getattr(fact, "bridge", None)) for fact in told] == [(JoinFailed, BRIDGE)]


async def test_hanging_up_a_line_that_is_gone_ends_it(desk: Desk) -> None:
    desk.orders.register(RING)
    desk.ari.fails["channels.hangup"] = not_found
    for _ in range(2):
        await desk.do(c.HangUpLeg(CALL, LEG))
    assert desk.told == [LegEnded(LEG, LegEnd.LOST)]


async def test_hanging_up_a_caller_who_is_gone_lets_him_leave(desk: Desk) -> None:
    desk.ari.fails["channels.hangup"] = not_found
    for _ in range(2):
        await desk.do(c.HangUpCall(CALL))
    assert desk.told == [CallerLeft(CALL)]


@pytest.mark.parametrize(
    ("order", "operation"),
    [
        (c.Answer(CALL), "channels.answer"),
        (c.StartMusic(CALL), "channels.start_moh"),
        (c.StopMusic(CALL), "channels.stop_moh"),
        (c.HideCaller(CALL, on=True), "channels.mute"),
        (c.HideCaller(CALL, on=False), "channels.unmute"),
        (c.HangUpLeg(CALL, LEG), "channels.hangup"),
        (c.HangUpCall(CALL), "channels.hangup"),
        (c.DropBridge(CALL, BRIDGE), "bridges.destroy"),
        (c.StopPlay(CALL, PLAY), "playbacks.stop"),
        (c.SaveState(CALL, SavedCall("400", "138", 1.5, 7, "en", "normal")), "channels.set_channel_vars"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, c.Command) else None,
)
async def test_any_other_order_that_fails_is_told_unless_its_line_is_gone(
    desk: Desk, order: c.AnyCommand, operation: str
) -> None:
    desk.ari.fails[operation] = timeout
    (failed,) = await desk.do(order)
    assert isinstance(failed, CommandFailed)
    assert (failed.call, failed.command) == (CALL, type(order).__name__)
    assert "no answer within 5 s" in failed.why
    desk.told.clear()
    desk.ari.fails[operation] = not_found
    assert [fact for fact in await desk.do(order) if isinstance(fact, CommandFailed)] == []


# --- lines that need an answer at once ----------------------------------------------------------------------


async def test_a_caller_another_engine_claimed_first_is_theirs(desk: Desk) -> None:
    desk.ari.fails["events.claim_channel"] = conflict
    await desk.orders.claim(CALL)
    assert desk.told == []


async def test_turning_away_a_line_that_is_gone_is_no_trouble(desk: Desk) -> None:
    for failure in (not_found, timeout):
        desk.ari.fails["channels.hangup"] = failure
        await desk.orders.turn_away(LEG)
    assert desk.told == []


async def test_an_agent_hears_a_beep_when_his_code_was_done_and_is_turned_away_when_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ivr_engine.asterisk.orders.BEEP_SECONDS", 0.0)
    desk = Desk()
    await desk.orders.answer_code("h-9.1", done=True)
    beep = ["channels.answer", "channels.play_with_id", "playbacks.stop", "channels.hangup"]
    assert desk.ari.operations == beep
    await desk.orders.answer_code("h-9.2", done=False)
    assert desk.ari.operations == [*beep, "channels.hangup"]
    assert desk.ari.sent[-1].query["reason_code"] == "21"
    desk.ari.fails["channels.answer"] = not_found  # he has hung up meanwhile
    await desk.orders.answer_code("h-9.3", done=True)
    assert desk.told == []
