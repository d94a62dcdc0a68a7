"""What the referee of the races calls a race, and what a fault; what a phone's sound and a message's words mean."""

from collections import Counter
from typing import Any

import pytest

from bench.race.evidence import Ring, Seen, Visit
from bench.race.referee import judge
from bench.race.sip import Message, answer, authorization, tag_of, user_of
from bench.race.sound import STRANGE, Ears, voices

FAULTS = (
    *("seats_rung_twice", "callers_offered_twice", "callers_with_two", "cut_off", "never_served", "forgotten"),
    *("seats_not_ready", "channels_left", "bridges_left", "strays"),
)


def ring(agent: str, caller: str, at: float, **more: Any) -> Ring:
    """A ring that was answered, talked in and ended by the agent, unless told otherwise."""
    how = {"answered": at + 0.1, "acknowledged": at + 0.13, "ended": at + 1, "closed_at_socket": at + 1}
    return Ring(agent, caller, f"{agent}-{caller}-{at}", at, at, ended_by="us", **(how | more))


def crossing(agent: str, caller: str, at: float, **more: Any) -> Ring:
    """A ring whose answer crossed a CANCEL, as it must go."""
    ended = {"cancelled": at + 0.11, "closed_at_socket": at + 0.1, "ended": at + 0.14, "intent": "races the caller"}
    return ring(agent, caller, at, **(ended | more))


def seen(*rings: Ring, **visits: Visit) -> Seen:
    """One side. A caller hears the agents of his rings that were not cancelled, and is then hung up on."""
    found = Seen("ours", list(rings))
    for one in rings:
        visit = found.visits.setdefault(one.caller, Visit(one.caller, 0.0, 0.1, ended=9.0, ended_by="far"))
        visit.rings.append(one)
        if one.cancelled is None:
            visit.heard[one.agent] += 1
        elif one.intent == "races the caller":
            visit.ended_by = "us"
    found.visits |= visits
    return found


def faults_of(found: Seen) -> dict[str, int]:
    verdict = judge(found)
    told = {name: getattr(verdict, name) for name in FAULTS if getattr(verdict, name)}
    assert verdict.faults == sum(told.values())
    return told


def test_only_an_answer_sent_before_its_phone_heard_the_cancel_is_a_race() -> None:
    late = crossing("1002", "b", 0, answered=None, acknowledged=None)
    over = crossing("1003", "c", 0, answered=0.2, acknowledged=None)
    verdict = judge(seen(crossing("1001", "a", 0), late, over, ring("1004", "d", 0)))
    assert (verdict.races, verdict.raced_the_caller, verdict.too_late, verdict.talks) == (1, 1, 1, 1)
    assert verdict.faults == 0
    limit = judge(seen(crossing("1001", "a", 0, intent="races the time limit"), ring("1002", "a", 1)))
    assert (limit.raced_the_limit, limit.raced_the_caller, limit.faults) == (1, 0, 0)
    assert limit.again_s == (0.89, 0.89, 0.89)


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("seats_rung_twice", seen(ring("1001", "a", 0), ring("1001", "b", 0.5))),
        ("callers_with_two", seen(ring("1001", "a", 0), ring("1002", "a", 2))),
        ("cut_off", seen(crossing("1001", "a", 0, intent="races the time limit"))),
        ("cut_off", seen(z=Visit("z", 0.0, ended=1.0, ended_by="refused"))),
        ("never_served", seen(z=Visit("z", 0.0, 0.1, hung_up=50.0, ended=50.1, ended_by="us", is_lost=True))),
        ("forgotten", seen(crossing("1001", "a", 0, given_up=True))),
        ("forgotten", seen(crossing("1001", "a", 0, ended=None))),
        ("callers_with_two", seen(z=Visit("z", 0.0, 0.1, ended=9.0, ended_by="far", heard=Counter({STRANGE: 1})))),
        ("seats_not_ready", Seen("ours", seats_not_ready=1)),
        ("channels_left", Seen("ours", channels_left=1)),
        ("bridges_left", Seen("ours", bridges_left=1)),
        ("strays", Seen("ours", strays=Counter({"BYE to an agent": 1}))),
    ],
)
def test_each_fault_is_found(what: str, found: Seen) -> None:
    assert faults_of(found) == {what: 1}


def test_a_caller_who_rings_at_two_agents_at_once_is_found() -> None:
    found = seen(ring("1001", "a", 0), crossing("1002", "a", 0.5, intent="races the time limit"))
    assert faults_of(found) == {"callers_offered_twice": 1}


def test_a_seat_rung_while_its_cancelled_call_still_ends_is_told_but_no_fault() -> None:
    verdict = judge(seen(crossing("1001", "a", 0), ring("1001", "b", 0.12)))
    assert (verdict.faults, verdict.rung_before_bye) == (0, 1)
    verdict = judge(seen(crossing("1001", "a", 0), ring("1001", "b", 0.15)))
    assert (verdict.faults, verdict.rung_before_bye) == (0, 0)


def test_an_agent_is_known_by_his_sound_and_music_is_nobody() -> None:
    values = voices(["1001", "1002"])
    ears, heard = Ears({value: agent for agent, value in values.items()}), list[str]()
    ears.listen(4000, heard.append)

    def packet(sound: bytes, port: int = 4000) -> None:
        ears.datagram_received(bytes(12) + sound, ("127.0.0.1", port))

    packet(bytes([values["1002"]]) * 160)
    packet(bytes([values["1001"]]) * 160, port=4002)  # another line
    packet(b"\xd5" * 160)  # silence
    packet(bytes(range(160)))  # music
    packet(bytes([values["1001"]]) * 159)  # no whole packet
    assert heard == ["1002"]
    packet(bytes([voices([str(n) for n in range(20)])["19"]]) * 160)
    assert heard == ["1002", STRANGE]
    assert len(set(voices([str(n) for n in range(20)]).values())) == 20


def test_a_message_is_read_as_it_was_written() -> None:
    invite = Message(
        "INVITE sip:1001@127.0.0.1:5070 SIP/2.0",
        [("Via", "one"), ("Via", "two"), ("From", "<sip:139@h>;tag=a"), ("To", "<sip:1001@h>"), ("CSeq", "7 INVITE")],
        "v=0\r\nm=audio 4002 RTP/AVP 8\r\n",
    )
    read = Message.decode(invite.encode(), 3.0)
    assert (read.start, read.headers, read.body, read.heard_at) == (invite.start, invite.headers, invite.body, 3.0)
    assert (read.method, read.cseq, read.media_port) == ("INVITE", (7, "INVITE"), 4002)
    assert (user_of(read.start), user_of(read.get("from"))) == ("1001", "139")
    busy = Message.decode(answer(read, "486 Busy Here", tag="x").encode(), 0.0)
    assert (busy.status, tag_of(busy.get("To")), len(busy.all("Via"))) == (486, "x", 2)
    assert busy.media_port is None


def test_the_digest_is_that_of_the_rfc() -> None:
    asked = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    shown = authorization(asked, "GET", "/dir/index.html", "Mufasa", "Circle Of Life")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in shown  # RFC 2617's example, without qop
