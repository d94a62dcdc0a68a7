"""What a command looks like on the wire, and what each failure is called."""

from __future__ import annotations

import asyncio
import base64

import msgspec
import pytest

from ivr_engine.ari import (
    AriClient,
    AriDropped,
    AriError,
    AriRefused,
    AriTimeout,
    AriUndecodable,
    AriUnreachable,
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    ServerFault,
    Unauthorized,
    Unprocessable,
)

from .fake import PASSWORD, USER, FakeAsterisk, channel, drops, hangs, replies


async def test_a_command_is_encoded_so_that_no_value_can_become_another_command(fake: FakeAsterisk) -> None:
    fake.answers.append(replies(channel("a/b?c")))
    async with fake.client() as ari:
        created = await ari.channels.originate_with_id(
            "a/b?c", endpoint="PJSIP/ünï+1&x=y", app="demo", timeout=30, variables={"A B": "1"}
        )
    assert created.id == "a/b?c"
    [seen] = fake.seen
    assert (seen.method, seen.path) == ("POST", "/ari/channels/a%2Fb%3Fc")
    assert seen.query == "endpoint=PJSIP%2F%C3%BCn%C3%AF%2B1%26x%3Dy&app=demo&timeout=30"
    assert msgspec.json.decode(seen.body) == {"variables": {"A B": "1"}}


async def test_lists_and_booleans_are_written_as_asterisk_reads_them(fake: FakeAsterisk) -> None:
    async with fake.client() as ari:
        await ari.bridges.add_channel("b", channel=["c1", "c2"], mute=True, absorb_dtmf=False)
        with pytest.raises(ValueError, match="comma"):
            await ari.bridges.remove_channel("b", channel=["c1,c2"])
    assert fake.seen[0].query == "channel=c1%2Cc2&absorbDTMF=false&mute=true"


async def test_a_command_too_long_for_the_first_line_goes_in_the_body(fake: FakeAsterisk) -> None:
    sounds = [f"sound:/srv/hotline/prompts/zh-CN/{number:020}" for number in range(100)]
    async with fake.client() as ari:
        await ari.bridges.add_channel("b", channel=sounds, mute=True)
        with pytest.raises(ValueError, match="comma"):
            await ari.bridges.add_channel("b", channel=[*sounds, "a,b"])
    [seen] = fake.seen
    assert seen.query == ""
    assert msgspec.json.decode(seen.body) == {"channel": sounds, "mute": True}


@pytest.mark.parametrize("part", ["", ".", ".."])
async def test_an_id_that_would_name_another_resource_is_refused_here(fake: FakeAsterisk, part: str) -> None:
    async with fake.client() as ari:
        with pytest.raises(ValueError, match="ARI path"):
            await ari.channels.hangup(part)
    assert fake.seen == []


async def test_the_password_travels_in_the_header_and_nowhere_else(fake: FakeAsterisk) -> None:
    fake.answers.append(replies({"message": "Authentication required"}, 401))
    async with fake.client() as ari:
        with pytest.raises(Unauthorized) as caught:
            await ari.channels.set_channel_var("c", variable="PIN", value="4711")
        shown = f"{ari!r} {ari.address!r} {caught.value} {caught.value!r} {caught.value.__dict__}"
    [seen] = fake.seen
    assert base64.b64decode(seen.authorization.removeprefix("Basic ")).decode() == f"{USER}:{PASSWORD}"
    assert "api_key" not in seen.query
    assert PASSWORD not in shown
    assert "4711" not in shown


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, Unauthorized),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (412, Unprocessable),
        (422, Unprocessable),
        (418, AriRefused),
        (500, ServerFault),
        (503, ServerFault),
    ],
)
async def test_each_status_has_its_error(fake: FakeAsterisk, status: int, kind: type[AriRefused]) -> None:
    fake.answers.append(replies({"message": "Channel not found"}, status))
    async with fake.client() as ari:
        with pytest.raises(AriRefused) as caught:
            await ari.channels.answer("gone")
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.method, error.resource) == (status, "POST", "/channels/gone/answer")
    assert error.message == "Channel not found"
    assert str(error) == f"POST /channels/gone/answer: {status} Channel not found"
    assert not error.outcome_unknown


@pytest.mark.parametrize("answer", [{"error": "Not allowed"}, ["Not allowed"], {"message": None}])
async def test_an_error_without_the_usual_words_is_still_the_same_error(fake: FakeAsterisk, answer: object) -> None:
    fake.answers.append(replies(answer, 403))
    async with fake.client() as ari:
        with pytest.raises(Forbidden, match=r"Not allowed|no explanation"):
            await ari.channels.answer("c")


async def test_no_answer_in_time_is_a_timeout_whose_outcome_is_unknown(fake: FakeAsterisk) -> None:
    fake.answers.append(hangs(fake.finished))
    async with fake.client(timeout=0.05) as ari:
        with pytest.raises(AriTimeout) as caught:
            await ari.channels.answer("c")
    assert caught.value.outcome_unknown


async def test_waiting_for_a_free_connection_counts_against_the_timeout(fake: FakeAsterisk) -> None:
    fake.answers.extend([hangs(fake.finished), hangs(fake.finished)])
    async with fake.client(timeout=0.05, connections=1) as ari:
        outcomes = await asyncio.gather(ari.channels.answer("a"), ari.channels.answer("b"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [AriTimeout, AriTimeout]


async def test_nobody_listening_is_unreachable_and_surely_not_done(unused_port: int) -> None:
    async with AriClient(f"http://127.0.0.1:{unused_port}", USER, PASSWORD) as ari:
        with pytest.raises(AriUnreachable) as caught:
            await ari.channels.answer("c")
    assert not caught.value.outcome_unknown


async def test_a_get_on_a_dead_connection_is_sent_once_more(fake: FakeAsterisk) -> None:
    fake.answers.extend([replies([]), drops(), replies([channel("c")])])
    async with fake.client(connections=1) as ari:
        assert await ari.channels.list() == []
        [found] = await ari.channels.list()
    assert found.id == "c"
    assert len(fake.seen) == 3


async def test_a_get_is_not_sent_a_third_time(fake: FakeAsterisk) -> None:
    fake.answers.extend([drops(), drops(), replies([])])
    async with fake.client() as ari:
        with pytest.raises(AriDropped):
            await ari.channels.list()
    assert len(fake.seen) == 2


@pytest.mark.parametrize("operation", ["hangup", "answer", "send_message"])
async def test_nothing_but_a_get_is_ever_sent_twice(fake: FakeAsterisk, operation: str) -> None:
    fake.answers.append(drops())
    async with fake.client() as ari:
        commands = {
            "hangup": lambda: ari.channels.hangup("c"),
            "answer": lambda: ari.channels.answer("c"),
            "send_message": lambda: ari.endpoints.send_message(to="pjsip:a", from_="pjsip:b"),
        }
        with pytest.raises(AriDropped) as caught:
            await commands[operation]()
    assert caught.value.outcome_unknown
    assert len(fake.seen) == 1


async def test_an_answer_of_another_shape_is_reported_as_such(fake: FakeAsterisk) -> None:
    fake.answers.extend([replies({"id": 5}), replies("x")])
    async with fake.client() as ari:
        with pytest.raises(AriUndecodable):
            await ari.channels.get("c")
        with pytest.raises(AriUndecodable):
            await ari.channels.list()


async def test_a_recording_comes_back_as_bytes(fake: FakeAsterisk) -> None:
    fake.answers.append(replies(1))
    async with fake.client() as ari:
        assert await ari.recordings.get_stored_file("r") == b"1"


async def test_commands_are_counted_and_reported_by_name(fake: FakeAsterisk, unused_port: int) -> None:
    heard: list[tuple[str, int | None]] = []
    fake.answers.extend([replies([]), replies({}, 404), drops()])
    async with fake.client(on_request=lambda name, _, status: heard.append((name, status))) as ari:
        await ari.channels.list()
        for command in (ari.channels.answer, ari.channels.answer):
            with pytest.raises(AriError):
                await command("c")
    assert heard == [("channels.list", 200), ("channels.answer", 404), ("channels.answer", None)]
    assert ari.commands == {"channels.list": 1, "channels.answer": 2}


async def test_a_client_that_is_not_open_says_so(fake: FakeAsterisk) -> None:
    ari = fake.client()
    with pytest.raises(RuntimeError, match="async with"):
        await ari.channels.list()
    await ari.aclose()


@pytest.mark.parametrize("connections", [0, 33])
def test_the_pool_stays_below_asterisks_session_limit(connections: int) -> None:
    with pytest.raises(ValueError, match="connections"):
        AriClient("http://host:8088", USER, PASSWORD, connections=connections)


@pytest.mark.parametrize(
    "url", ["host:8088", "ftp://host", "http://u:hush@host", "http://host/ari?api_key=u:hush", "http://h/#x"]
)
def test_an_address_with_a_secret_or_without_a_host_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="ARI address") as caught:
        AriClient(url, USER, PASSWORD)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://h:8088", "http://h:8088/", "http://h:8088/ari", "http://h:8088/ari/"])
def test_the_usual_path_may_be_left_out(url: str) -> None:
    address = AriClient(url, USER, PASSWORD).address
    assert str(address.url("/channels")) == "http://h:8088/ari/channels"
    assert str(address.url("/events", "app=x", socket=True)) == "ws://h:8088/ari/events?app=x"


def test_a_tls_address_gives_a_tls_socket() -> None:
    address = AriClient("https://http.example/pbx/ari", USER, PASSWORD).address
    assert str(address.url("/events", socket=True)) == "wss://http.example/pbx/ari/events"
