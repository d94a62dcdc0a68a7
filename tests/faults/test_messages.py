"""Callers leave messages on a whole hotline, hang up in the middle, engines are killed meanwhile: nothing is lost."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiomqtt
import pytest
import pytest_asyncio

from ivr_engine.errors import StartError
from ivr_engine.model.ids import mask_number
from ivr_engine.recording.export import export
from ivr_engine.stand.hotline import HotlineStand
from ivr_engine.stand.tones import tones_heard
from ivr_engine.store.reader import LeftMessage, StoreReader
from ivr_engine.store.tables import WishRow
from tests.acceptance.live import LEFT, LONG, Live, eventually

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

HOTLINE = Path(__file__).parent / "messages"
TONE = 2310
MENU, TAKING = 1.5, "2"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Live]:
    async with HotlineStand(tmp_path_factory.mktemp("messages") / "hotline", dialplan=HOTLINE) as stand:
        yield Live(stand)


async def messages(live: Live, *before: str) -> list[LeftMessage]:
    def read() -> list[LeftMessage]:
        with closing(StoreReader(live.stand.settings.store.url)) as reader:
            try:
                return [one for one in reader.messages() if one.message not in before]
            except StartError:  # the file is there a moment before its tables
                return []

    return await asyncio.to_thread(read)


async def wishes(live: Live) -> list[WishRow]:
    with closing(StoreReader(live.stand.settings.store.url)) as reader:
        return await asyncio.to_thread(reader.wishes)


async def new_messages(live: Live, count: int, before: list[LeftMessage]) -> list[LeftMessage]:
    known = [one.message for one in before]

    async def look() -> list[LeftMessage]:
        found = await messages(live, *known)
        return found if len(found) >= count else []

    found = await eventually(look, f"{count} more messages")
    assert len(found) == count
    return found


async def heard(live: Live, message: str) -> float:
    """For how many seconds the caller's voice is in a message."""
    await live.sealed(message)
    stand, out = live.stand, live.stand.folder / f"{message}.wav"
    key = stand.folder / "keys" / "recording-identity.txt"
    await asyncio.to_thread(export, stand.settings.recording.vault, message, key, out)
    return tones_heard(out, [TONE])[LEFT][TONE]


async def begun(live: Live) -> None:
    """Wait until Asterisk writes a message."""

    async def look() -> bool:
        return any(".message-" in name for name in live.spooled())

    await eventually(look, "a message is being recorded")


async def test_a_message_is_kept_told_and_thanked_for(live: Live) -> None:
    before, caller = await messages(live), live.number()
    async with aiomqtt.Client("127.0.0.1", live.stand.broker.port) as client, asyncio.timeout(LONG):
        await client.subscribe("ivr/messages/#")
        phone = await live.dial(caller, [(MENU, TAKING), (9.0, "#")], tone=TONE)
        told = await anext(aiter(client.messages))
    ended = await phone.finished()
    assert ended.hung_up_by == "far"
    (message,) = await new_messages(live, 1, before)
    assert isinstance(told.payload, bytes)
    assert str(told.topic) == "ivr/messages/complaint"
    assert json.loads(told.payload)["message"] == message.message
    record = await live.record(caller)
    assert record.outcome.value == "completed in menu"
    spoken = await heard(live, message.message)
    assert message.seconds - 0.6 < spoken <= message.seconds < 9
    assert spoken > 2
    await live.sealed(record.call)  # the whole call, besides
    (listed,) = [one for one in await messages(live) if one.message == message.message]
    assert mask_number(listed.caller or "") == mask_number(caller)
    await live.nothing_left()


async def test_a_caller_who_hangs_up_in_the_middle_has_left_it(live: Live) -> None:
    before, caller = await messages(live), live.number()
    phone = await live.dial(caller, [(MENU, TAKING)], tone=TONE)
    await begun(live)
    await asyncio.sleep(2)
    phone.hang_up()
    (message,) = await new_messages(live, 1, before)
    assert await heard(live, message.message) > 1.2
    assert (await live.record(caller)).outcome.value == "completed in menu"
    await live.nothing_left()


async def test_a_message_survives_the_engine_that_took_it(live: Live) -> None:
    before, gone, stays = await messages(live), live.number(), live.number()
    leaving = await live.dial(gone, [(MENU, TAKING)], tone=TONE)
    await begun(live)
    staying = await live.dial(stays, [(MENU, TAKING)], tone=TONE)
    await live.until(stays, "menu main.2")
    await asyncio.sleep(4)
    await live.stand.kill_engine()
    leaving.hang_up()
    await leaving.finished()
    await live.stand.start_engine()
    first, second = await new_messages(live, 2, before)
    assert min(await heard(live, first.message), await heard(live, second.message)) > 1
    # He who stayed is asked again, and what he says then is another message.
    await begun(live)
    await asyncio.sleep(2)
    staying.hang_up()
    third = await new_messages(live, 1, [*before, first, second])
    assert third[0].call in (first.call, second.call)
    await live.nothing_left()


async def test_a_wish_survives_the_engine(live: Live) -> None:
    caller = live.number()
    phone = await live.dial(caller, [(MENU, "3")], tone=TONE)
    await phone.finished()
    await eventually(lambda: wishes(live), "the wish is kept")
    await live.stand.kill_engine()
    await live.stand.start_engine()
    (wish,) = await wishes(live)
    assert (wish.number, wish.queue, wish.attempts) == (caller, "complaint", 0)
    await live.nothing_left()
