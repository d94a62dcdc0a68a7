"""That alerts reach everybody once: over gateways that fail, beside ones that are dead, and over restarts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from ivr_engine.messengers import post as post_module
from ivr_engine.messengers.kept import KeptAlerts
from ivr_engine.messengers.messenger import Messenger, NotSentError
from ivr_engine.messengers.post import Post, Roster
from ivr_engine.messengers.webhook import Webhook
from ivr_engine.model.alerts import AlertRaised, AlertSent
from tests.unit.messengers.gateway import PHONE, Gateway, raised

OTHER = "13900000000"
SOON = (0.01,)  # seconds between tries
NEVER = (1000.0,)
NOW = 1_795_323_230.0


class Scripted:
    """Fails as long as it is told to, and keeps whom it told of what. `held`: it takes for ever."""

    within = 30.0

    def __init__(self, *, failures: int = 0, held: bool = False) -> None:
        self.failures = failures
        self.held = held
        self.trying = 0
        self.told: list[tuple[str, str]] = []

    async def send(self, alert: AlertRaised, address: str) -> None:
        self.trying += 1
        if self.held:
            await asyncio.Event().wait()
        if self.failures > 0:
            self.failures -= 1
            raise NotSentError("it answered 500")
        self.told.append((alert.alert, address))


class Office:
    """Engines one after the other over the same file. `people` may be changed in between."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.people: dict[str, Mapping[str, tuple[str, ...]]] = {"duty": {"sms": (PHONE,)}}
        self.messengers: dict[str, Messenger] = {"sms": Scripted()}
        self.told: list[AlertSent] = []
        self.pauses = SOON

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Post]:
        roster, kept = Roster(self.messengers, self.people), KeptAlerts(self.path)
        post = Post(roster, kept, self.told.append, lambda: NOW, pauses=self.pauses)
        running = asyncio.create_task(post.run())
        yield post
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    def ends(self) -> list[AlertSent]:
        return [one for one in self.told if not one.again]


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.005)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "state" / "alerts.jsonl")


async def test_a_gateway_that_fails_is_tried_again_until_it_works(office: Office, gateway: Gateway) -> None:
    failures = [500, 503]

    async def reply(_: web.Request) -> web.Response:
        return web.Response(status=failures.pop(0) if failures else 200)

    gateway.reply = reply
    office.messengers["sms"] = Webhook(gateway.url)
    async with office.engine() as post:
        post.hear(raised())
        await until(office.ends)
    assert [(one.ok, one.why, one.tries, one.again) for one in office.told] == [
        (False, "it answered 500", 1, True),
        (False, "it answered 503", 2, True),
        (True, "", 3, False),
    ]
    assert {one.to for one in office.told} == {"138****5678"}
    assert len(gateway.bodies) == 3


async def test_everybody_of_all_groups_is_told_once(office: Office) -> None:
    office.people = {"duty": {"sms": (PHONE, OTHER)}, "leadership": {"sms": (PHONE,), "mail": ("a@example.com",)}}
    mail = office.messengers["mail"] = Scripted()
    sms = office.messengers["sms"] = Scripted()
    async with office.engine() as post:
        post.hear(raised("a1", "duty", "leadership"))
        await until(lambda: len(office.ends()) == 3)
        post.hear(raised("a1", "leadership"))
        post.hear(raised("a2", "leadership"))
        await until(lambda: len(office.ends()) == 5)
    assert sorted(sms.told) == [("a1", PHONE), ("a1", OTHER), ("a2", PHONE)]
    assert mail.told == [("a1", "a@example.com"), ("a2", "a@example.com")]


async def test_one_that_is_held_up_holds_up_nobody_else(office: Office) -> None:
    held, mail = Scripted(held=True), Scripted()
    office.people = {"duty": {"sms": tuple(f"1380000{n:04}" for n in range(50)), "mail": ("a@example.com",)}}
    office.messengers = {"sms": held, "mail": mail}
    async with office.engine() as post:
        for number in range(20):
            post.hear(raised(f"a{number}"))
        await until(lambda: len(mail.told) == 20)
        assert held.trying == post_module.AT_ONCE, "and it is not swamped itself"
    assert office.told
    assert all(one.ok for one in office.told)


async def test_one_that_waits_for_its_next_try_takes_nobodys_place(office: Office) -> None:
    sms = office.messengers["sms"] = Scripted(failures=post_module.AT_ONCE)
    office.pauses = NEVER
    async with office.engine() as post:
        for number in range(post_module.AT_ONCE + 1):
            post.hear(raised(f"a{number}"))
        await until(lambda: sms.told)
    assert sms.told == [(f"a{post_module.AT_ONCE}", PHONE)]


async def test_what_was_not_sent_is_sent_by_the_next_engine_and_nothing_twice(office: Office) -> None:
    sms, mail = Scripted(failures=1), Scripted()
    office.people = {"duty": {"sms": (PHONE,), "mail": ("a@example.com",)}}
    office.messengers, office.pauses = {"sms": sms, "mail": mail}, NEVER
    async with office.engine() as post:
        post.hear(raised())
        await until(lambda: len(office.told) == 2)
    assert (sms.told, mail.told) == ([], [("a1", "a@example.com")])
    async with office.engine() as post:
        await until(lambda: sms.told)
        post.hear(raised())  # the core, too, was restarted and says it again
        post.hear(raised("a2"))
        await until(lambda: len(mail.told) == 2)
    async with office.engine() as post:
        post.hear(raised("a3"))
        await until(lambda: len(mail.told) == 3 and len(sms.told) == 3)
    assert [alert for alert, _ in sms.told] == [alert for alert, _ in mail.told] == ["a1", "a2", "a3"]


async def test_an_alert_told_while_the_engine_stops_is_kept(office: Office) -> None:
    sms = office.messengers["sms"] = Scripted(held=True)
    async with office.engine() as post:
        post.hear(raised("a0"))
        await until(lambda: sms.trying)
        post.hear(raised("a1"))  # and the engine stops in the same instant
    sms.held = False
    async with office.engine():
        await until(lambda: len(sms.told) == 2)
    assert sorted(alert for alert, _ in sms.told) == ["a0", "a1"]


async def test_an_engine_that_is_killed_leaves_what_it_has_not_sent(office: Office, tmp_path: Path) -> None:
    held, mail = Scripted(held=True), Scripted()
    office.people = {"duty": {"sms": (PHONE,), "mail": ("a@example.com",)}}
    office.messengers = {"sms": held, "mail": mail}
    async with office.engine() as post:
        post.hear(raised())
        await until(lambda: office.path.exists() and b'"ended"' in office.path.read_bytes())
        killed = Office(tmp_path / "as-it-was.jsonl")
        killed.path.write_bytes(office.path.read_bytes() + b'{"type":"end')
    killed.people, sms = office.people, Scripted()
    killed.messengers = {"sms": sms, "mail": mail}
    async with killed.engine():
        await until(lambda: sms.told)
    assert (sms.told, len(mail.told)) == ([("a1", PHONE)], 1)


async def test_one_told_before_the_file_was_read_is_sent_once(office: Office) -> None:
    sms = office.messengers["sms"] = Scripted()
    async with office.engine() as post:
        post.hear(raised())
        await until(office.ends)
    async with office.engine() as post:
        post.hear(raised())  # before it can have been read
        post.hear(raised("a2"))
        await until(lambda: len(sms.told) == 2)
    assert [alert for alert, _ in sms.told] == ["a1", "a2"]


async def test_a_messenger_that_is_gone_from_the_settings_ends_what_it_had(office: Office) -> None:
    office.messengers["sms"] = Scripted(failures=1)
    office.pauses = NEVER
    async with office.engine() as post:
        post.hear(raised())
        await until(lambda: office.told)
    office.messengers, office.told = {}, []
    async with office.engine():
        await until(office.ends)
    assert office.told[0].why == "there is no messenger 'sms' any more"
    office.told = []
    async with office.engine() as post:
        post.hear(raised("a2", "nobody-at-all"))
        await until(office.ends)
    assert [one.alert for one in office.told] == ["a2"], "it has ended"


async def test_a_group_of_nobody_is_told_at_once(office: Office) -> None:
    async with office.engine() as post:
        post.hear(raised("a1", "leadership", "duty"))
        await until(lambda: len(office.ends()) == 2)
    nobody, sent = office.told
    assert (nobody.ok, nobody.to, nobody.messenger, nobody.tries) == (False, "leadership", "", 0)
    assert nobody.why == "nobody is named for 'leadership': add it to `people` in the settings"
    assert sent.ok


async def test_it_is_given_up_when_it_would_take_too_long(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_module, "GIVEN_UP_SECONDS", 0.0)
    sms = office.messengers["sms"] = Scripted(failures=1)
    async with office.engine() as post:
        post.hear(raised())
        await until(office.ends)
    assert [(one.ok, one.tries, one.again) for one in office.told] == [(False, 1, False)]
    async with office.engine() as post:
        post.hear(raised("a2"))
        await until(lambda: sms.told)
    assert [alert for alert, _ in sms.told] == ["a2"], "and not tried anew by the next engine"


async def test_a_fault_of_a_messenger_is_one_failed_try(office: Office) -> None:
    class Faulty(Scripted):
        async def send(self, alert: AlertRaised, address: str) -> None:
            if not self.trying:
                self.trying += 1
                raise KeyError(PHONE)
            await super().send(alert, address)

    office.messengers["sms"] = Faulty()
    async with office.engine() as post:
        post.hear(raised())
        await until(office.ends)
    assert [one.ok for one in office.told] == [False, True]
    assert PHONE not in office.told[0].why


async def test_a_disk_that_takes_nothing_hinders_no_alert(office: Office, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    sms = office.messengers["sms"] = Scripted(failures=1)
    async with office.engine() as post:
        post.hear(raised())
        await until(office.ends)
    assert sms.told == [("a1", PHONE)]


async def test_too_many_are_refused_and_not_kept_in_memory(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_module, "MOST_ON_THEIR_WAY", 2)
    office.messengers["sms"] = Scripted(held=True)
    async with office.engine() as post:
        for number in range(3):
            post.hear(raised(f"a{number}"))
        await until(office.ends)
    (refused,) = office.told
    assert (refused.alert, refused.why) == ("a2", "too many alerts are on their way")
