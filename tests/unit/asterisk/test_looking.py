"""What a look at Asterisk tells, and what is put right at the border itself when two looks have shown the same."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ivr_engine.ari import AriError, AriTimeout, Lanes
from ivr_engine.ari.request import Command
from ivr_engine.asterisk.looking import MOST_ASKED_AFTER, Looker
from ivr_engine.asterisk.outstanding import Outstanding
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.events import AnyEvent, CallArrived, LinesSeen
from ivr_engine.model.ids import CallId, LegId, MessageId, PlayId
from ivr_engine.runtime.callers import Earlier
from tests.unit.asterisk.fake import FakeAri, bridge, channel, not_found

CALL, LEG, BRIDGE = CallId("h-1.1"), LegId("h-1.1.leg1"), "h-1.1.bridge2"
PLAY, MESSAGE = PlayId("h-1.1.play3"), MessageId("h-1.1.message-general-4")
CODE = {"context": "from-agent", "exten": "*52", "priority": 3, "app_name": "Stasis", "app_data": ""}


class World:
    """One Asterisk, what is outstanding there, and who looks."""

    def __init__(self, lanes: Lanes) -> None:
        self.ari, self.lanes = FakeAri(), lanes
        self.told: list[AnyEvent] = []
        self.ended: list[str] = []
        self.outstanding = Outstanding(self.told.append)
        self.channels: list[dict[str, Any]] = []
        self.bridges: list[dict[str, Any]] = []
        self.sounding: set[str] = set()
        self.ari.answers["channels.list"] = lambda _: self.channels
        self.ari.answers["bridges.list"] = lambda _: self.bridges
        self.ari.answers["applications.get"] = lambda _: {
            "name": "hotline.a",
            "channel_ids": [one["id"] for one in self.channels],
            "bridge_ids": [one["id"] for one in self.bridges if one["channels"]],
            **{name: [] for name in ("endpoint_ids", "device_names", "events_allowed", "events_disallowed")},
        }
        self.ari.answers["playbacks.get"] = self.ari.answers["recordings.get_live"] = self._ask
        self.ari.fails["channels.get_channel_var"] = not_found
        self.looker = Looker(
            self.ari.client, "hotline.a", self.outstanding, lanes, count=lambda _: Earlier(7), end=self.ended.append
        )

    def _ask(self, command: Command) -> dict[str, Any]:
        name = command.path.rpartition("/")[2]
        if name not in self.sounding:
            raise not_found()
        more = {"media_uri": "sound:x", "language": "en", "format": "raw", "name": name}
        return {"id": name, "target_uri": f"channel:{CALL}", "state": "playing", **more}

    def asked(self, operation: str) -> int:
        return self.ari.operations.count(operation)

    async def look(self) -> LinesSeen:
        seen = await self.looker.look()
        assert seen is not None
        return seen


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    async with Lanes(on_error=lambda *_: None) as lanes:
        yield World(lanes)


async def test_a_look_asks_three_times_and_shows_lines_bridges_and_what_sounds(world: World) -> None:
    world.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
    world.outstanding.leg_opened(LEG)
    world.channels = [channel(CALL), channel(LEG, name="PJSIP/1001-0000002a")]
    world.bridges = [bridge(BRIDGE, CALL, LEG), bridge("h-9.9.bridge1"), bridge("somebody-elses")]
    seen = await world.look()
    assert world.ari.operations == ["applications.get", "channels.list", "bridges.list"]
    assert [call.call for call in seen.calls] == [CALL]
    assert [(leg.leg, leg.answered, leg.agent) for leg in seen.legs] == [(LEG, True, "1001")]
    assert seen.bridges == {BRIDGE, "h-9.9.bridge1"}
    assert seen.deserted == {"h-9.9.bridge1"}
    assert not seen.busy


async def test_who_is_not_known_is_read_whole_and_is_a_caller_of_ours_from_the_second_look_on(world: World) -> None:
    world.channels = [channel(CALL)]
    first = await world.look()
    assert first.calls[0].calls_in_24h == 1
    assert CALL not in world.outstanding.calls  # his arrival may be on its way
    second = await world.look()
    assert second.calls[0].calls_in_24h == 7
    assert CALL in world.outstanding.calls
    await world.look()
    assert world.asked("channels.get_channel_var") == 2
    assert not world.told


async def test_what_is_gone_in_two_looks_is_not_outstanding_any_more(world: World) -> None:
    world.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
    world.outstanding.leg_opened(LEG)
    world.told.clear()
    await world.look()
    assert (set(world.outstanding.calls), world.outstanding.legs) == ({CALL}, {LEG})
    await world.look()
    assert (set(world.outstanding.calls), world.outstanding.legs) == (set(), set())
    world.outstanding.leg_ended(LEG, LegEnd.BUSY)  # at last: the core has learned of it by the looks
    assert not world.told


async def test_what_orders_are_on_their_way_to_is_told_as_busy_and_left_alone(world: World) -> None:
    world.outstanding.leg_opened(LEG)
    ringing = asyncio.Event()
    world.lanes.submit(LEG, ringing.wait)
    for _ in range(3):
        assert (await world.look()).busy == {LEG}
    assert world.outstanding.legs == {LEG}
    ringing.set()


async def test_what_is_over_without_a_word_is_not_told_as_sounding(world: World) -> None:
    world.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
    world.channels = [channel(CALL)]
    world.outstanding.play_started(CALL, PLAY)
    world.outstanding.message_ordered(MESSAGE)
    world.sounding = {PLAY, MESSAGE}
    assert (await world.look()).sounding == {PLAY, MESSAGE}
    world.sounding = set()
    assert (await world.look()).sounding == frozenset()
    assert world.outstanding.calls[CALL] == {PLAY}
    assert (await world.look()).sounding == frozenset()
    assert world.outstanding.calls[CALL] == set()
    assert not world.outstanding.messages


async def test_a_prompt_that_may_not_have_begun_is_not_over(world: World) -> None:
    world.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
    world.outstanding.play_started(CALL, PLAY)
    begun = asyncio.Event()
    world.lanes.submit(CALL, begun.wait)
    for _ in range(3):
        assert (await world.look()).sounding == {PLAY}
    assert world.asked("playbacks.get") == 0
    begun.set()


async def test_a_look_asks_after_few_prompts_and_the_next_after_others(world: World) -> None:
    world.outstanding.caller_came(CALL, CallArrived(CALL, "400", "138"))
    plays = [PlayId(f"h-1.1.play{number}") for number in range(2 * MOST_ASKED_AFTER)]
    for play in plays:
        world.outstanding.play_started(CALL, play)
    world.sounding = {*plays}
    for looks in (1, 2):
        await world.look()
        assert world.asked("playbacks.get") == looks * MOST_ASKED_AFTER
    assert len({command.path for command in world.ari.sent if command.operation == "playbacks.get"}) == len(plays)


async def test_a_code_nobody_takes_and_an_ear_nobody_lends_are_ended_after_two_looks(world: World) -> None:
    world.channels = [channel("h-1.7", dialplan=CODE), channel("h-1.1.ear5"), channel("h-1.1.ear6")]
    world.bridges = [bridge("h-1.1.bridge7", "h-1.1.ear6")]
    await world.look()
    assert world.ended == []
    await world.look()
    assert sorted(world.ended) == ["h-1.1.ear5", "h-1.7"]


async def test_looks_before_the_link_was_lost_do_not_count_nor_does_one_under_way(world: World) -> None:
    world.outstanding.leg_opened(LEG)
    await world.look()
    world.looker.forget()
    await world.look()
    assert world.outstanding.legs == {LEG}

    def lost(_: Command) -> list[dict[str, Any]]:
        world.looker.forget()
        return []

    world.ari.answers["bridges.list"] = lost
    assert await world.looker.look() is None


async def test_a_look_that_is_cut_off_is_no_look(world: World) -> None:
    world.ari.fails["bridges.list"] = lambda: AriTimeout("GET", "/x", "no answer")
    with pytest.raises(AriError):
        await world.looker.look()
