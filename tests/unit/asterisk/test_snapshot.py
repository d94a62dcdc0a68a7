"""What is found on Asterisk after a time of blindness."""

from typing import Any

import msgspec
import pytest

from ivr_engine.ari import AriError, AriTimeout, BadRequest
from ivr_engine.asterisk.snapshot import codes_left, see_phones, take_snapshot
from ivr_engine.model.events import PhonesSeen, Resynced
from ivr_engine.model.found import FoundCall, FoundLeg
from ivr_engine.model.ids import BridgeId, CallId, LegId, PoolName, SeatId
from ivr_engine.model.saved import SavedCall
from tests.unit.asterisk.fake import FakeAri, channel, not_found

CALL, LEG = CallId("h-1.1"), LegId("h-1.1.leg1")
SAVED = SavedCall("400", "138", 1.5, 7, "zh-CN", "normal")
LISTS = ("endpoint_ids", "device_names", "events_allowed", "events_disallowed")
STATE = {"value": msgspec.json.encode(SAVED).decode()}


@pytest.fixture
def ari() -> FakeAri:
    fake = FakeAri()
    lists: dict[str, Any] = {key: [] for key in LISTS}
    mine = {"name": "hotline.a", "channel_ids": [CALL, LEG, "gone"], "bridge_ids": ["h-1.1.bridge2"]}
    fake.answers["applications.get"] = lists | mine
    person = {"name": "", "number": "+86 138"}
    leg = channel(LEG, name="PJSIP/1001-0000002a", state="Ringing")
    fake.answers["channels.list"] = [channel(CALL, caller=person), leg, channel("not-ours.1")]
    fake.answers["channels.get_channel_var"] = STATE
    return fake


async def test_only_lines_and_bridges_of_our_application_are_found(ari: FakeAri) -> None:
    found = await take_snapshot(ari.client, "hotline.a")
    assert found == Resynced(
        (FoundCall(CALL, "400", "+86138", SAVED),),
        (FoundLeg(LEG, answered=False, agent=SeatId("1001")),),
        frozenset({BridgeId("h-1.1.bridge2")}),
    )


@pytest.mark.parametrize("value", ["", "{", '{"of":"a newer engine"}', "[]", "null"])
async def test_a_state_we_do_not_understand_is_no_state(ari: FakeAri, value: str) -> None:
    ari.answers["channels.get_channel_var"] = {"value": value}
    (call,) = (await take_snapshot(ari.client, "hotline.a")).calls
    assert call.saved is None


async def test_a_line_nobody_wrote_on_has_no_state(ari: FakeAri) -> None:
    for failure in (not_found, lambda: BadRequest("GET", "/x", "no", 400)):
        ari.fails["channels.get_channel_var"] = failure
        (call,) = (await take_snapshot(ari.client, "hotline.a")).calls
        assert call.saved is None


async def test_a_look_that_is_cut_off_is_no_look(ari: FakeAri) -> None:
    # A call found without its state would begin anew: better to look again.
    ari.fails["channels.get_channel_var"] = lambda: AriTimeout("GET", "/x", "no answer")
    with pytest.raises(AriError):
        await take_snapshot(ari.client, "hotline.a")


async def test_only_our_own_phones_that_are_online_are_seen(ari: FakeAri) -> None:
    states = {"1001": "online", "1002": "offline", "chengdu": "online", "beijing": "unknown", "9999": "online"}
    ari.answers["endpoints.list_by_tech"] = [
        {"technology": "PJSIP", "resource": name, "state": state, "channel_ids": []} for name, state in states.items()
    ]
    agents = frozenset({SeatId("1001"), SeatId("1002"), SeatId("1003")})
    trunks = frozenset({PoolName("chengdu"), PoolName("beijing")})
    seen = await see_phones(ari.client, agents, trunks)
    assert seen == PhonesSeen(frozenset({SeatId("1001")}), frozenset({PoolName("chengdu")}))


CODE = {"context": "from-agent", "exten": "*52", "priority": 3, "app_name": "Stasis", "app_data": ""}


async def test_who_dials_a_code_is_no_caller_and_is_left_to_nobody(ari: FakeAri) -> None:
    ari.answers["channels.list"] += [channel("gone", dialplan=CODE), channel("not-ours.2", dialplan=CODE)]
    assert [call.call for call in (await take_snapshot(ari.client, "hotline.a")).calls] == [CALL]
    assert await codes_left(ari.client, "hotline.a") == ("gone",)


async def test_an_agent_is_out_of_reach_while_he_talks_for_nobody_we_know_but_not_while_he_dials_a_code(
    ari: FakeAri,
) -> None:
    lines = {"1001": [LEG], "1002": ["code.1"], "1003": ["fallback.1"], "1004": ["code.2", "fallback.2"]}
    ari.answers["endpoints.list_by_tech"] = [
        {"technology": "PJSIP", "resource": name, "state": "online", "channel_ids": ids} for name, ids in lines.items()
    ]
    called = CODE | {"exten": "s"}  # a line the fallback opened is in the agents' context too
    ari.answers["channels.list"] = [
        *(channel(code, dialplan=CODE) for code in ("code.1", "code.2")),
        *(channel(line, dialplan=called) for line in ("fallback.1", "fallback.2")),
    ]
    seen = await see_phones(ari.client, frozenset(map(SeatId, lines)), frozenset())
    assert seen.agents == {"1001", "1002"}


async def test_all_channels_are_asked_for_only_when_an_agent_has_a_line_of_his_own(ari: FakeAri) -> None:
    ari.answers["endpoints.list_by_tech"] = [
        {"technology": "PJSIP", "resource": "1001", "state": "online", "channel_ids": [LEG]},
        {"technology": "PJSIP", "resource": "carrier", "state": "online", "channel_ids": [CALL]},
    ]
    await see_phones(ari.client, frozenset({SeatId("1001")}), frozenset({PoolName("carrier")}))
    assert ari.operations == ["endpoints.list_by_tech"]
