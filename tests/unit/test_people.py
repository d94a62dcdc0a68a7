"""How `ivr.yaml` says who is told how, what a mistake in it says, and that an engine's alerts go there."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from ivr_engine.errors import SettingsError, StartError
from ivr_engine.messengers.board import Board
from ivr_engine.messengers.command import Command
from ivr_engine.messengers.mail import Mail
from ivr_engine.messengers.webhook import Webhook
from ivr_engine.metrics.metrics import Metrics
from ivr_engine.model.alerts import AlertRaised, AlertSent
from ivr_engine.model.notices import AnyNotice
from ivr_engine.people import messengers, roster_of, unheard
from ivr_engine.recording import keys
from ivr_engine.settings import Settings, load_settings
from tests.unit.runtime.test_engine import Run, Scripted

BASE = """dialplan: dialplans/acme
prompts: prompts
asterisk: {user: ivr, password file: secret}
recording: {spool: /dev/shm/spool, vault: vault, recipients: [RECIPIENT]}
web: {port: 8090, token file: secret}
mqtt: {prefix: acme}
"""
GOOD = """messengers:
  duty-sms: {webhook: "http://127.0.0.1:9000/sms", token file: secret, body: {phone: "<address>", say: ["<title>", 7]}}
  mail: {smtp: 127.0.0.1, port: 2525, from: hotline@example.com, user: ivr, password file: secret, tls: none}
  pager: {command: [/usr/local/bin/page, "--to", "<address>"], within: 5s}
  board: {mqtt: alerts/<address>}
people:
  duty: {duty-sms: [13800000001, "+8613900000001"], mail: ops@example.com}
  值班: {pager: [li.wei], board: [hall]}
"""
Load = Callable[..., Settings]


@pytest.fixture(scope="module")
def recipient(tmp_path_factory: pytest.TempPathFactory) -> str:
    return keys.init(tmp_path_factory.mktemp("keys"))[1]


@pytest.fixture
def load(tmp_path: Path, recipient: str) -> Load:
    (tmp_path / "secret").write_text("s3cret\n")

    def write_and_load(text: str = GOOD, base: str = BASE, **environ: str) -> Settings:
        path = tmp_path / "ivr.yaml"
        path.write_text(base.replace("RECIPIENT", recipient) + text, "utf-8")
        return load_settings(path, environ)

    return write_and_load


def test_every_kind_of_messenger_is_made_of_its_settings(load: Load) -> None:
    roster = roster_of(load())
    hook, mail, pager, board = roster.messengers.values()
    assert hook == Webhook("http://127.0.0.1:9000/sms", {"phone": "<address>", "say": ["<title>", 7]}, token="s3cret")
    assert mail == Mail("127.0.0.1", "hotline@example.com", 2525, "none", "ivr", "s3cret")
    assert pager == Command(("/usr/local/bin/page", "--to", "<address>"), 5.0)
    assert isinstance(board, Board)
    assert board.topic == "acme/alerts/<address>"
    assert roster.people["duty"] == {"duty-sms": ("13800000001", "+8613900000001"), "mail": ("ops@example.com",)}
    assert "s3cret" not in repr(roster) + repr(load())


def test_the_port_of_mail_follows_how_it_is_encrypted(load: Load) -> None:
    for tls, port in (("", 587), (", tls: tls", 465), (", tls: none", 25)):
        (mail,) = roster_of(load(f"messengers: {{m: {{smtp: mail, from: a@b.c{tls}}}}}\n")).messengers.values()
        assert isinstance(mail, Mail)
        assert mail.port == port


def test_secrets_may_come_from_the_environment(load: Load) -> None:
    text = GOOD.replace(", token file: secret", "").replace(", password file: secret", "")
    environ = {"IVR_MESSENGER_DUTY_SMS_TOKEN": "t", "IVR_MESSENGER_MAIL_PASSWORD": "p"}
    hook, mail, *_ = roster_of(load(text, **environ)).messengers.values()
    assert isinstance(hook, Webhook)
    assert isinstance(mail, Mail)
    assert (hook.token, mail.password) == ("t", "p")


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("board: {mqtt", "board: {mqqt", ":11:11: E201", "did you mean `mqtt`?"),
        (
            "{mqtt: alerts/<address>}",
            "{within: 5s}",
            ":11:10: E204",
            "does not say what it is; add one of webhook, smtp",
        ),
        ("{smtp: 127", "{mqtt: x, smtp: 127", ":9:25: E204", "is mqtt and smtp at once; keep one of them"),
        (
            "{mqtt: alerts",
            "{port: 25, mqtt: alerts",
            ":11:17: E204",
            "says nothing to `messengers › board`, which is a mqtt",
        ),
        (", from: hotline@example.com", "", ":9:16: E202", "does not say who writes; add `from:"),
        (", user: ivr", "", ":9:16: E202", "has a user or a password, and not the other"),
        ("hotline@example.com", "Hotline", ":9:45: E204", "must be a mail address"),
        ("<title>", "<titel>", ":8:105: E204", "cannot hold `<titel>`; did you mean `title`?"),
        ('"--to", "<address>"', '"<text>"', ":10:42: E204", "the rest is in the JSON on standard input"),
        ("/usr/local/bin/page", '"<address>"', ":10:21: E204", "write the program's own name"),
        ("alerts/<address>", "alerts/#", ":11:17: E204", "must be a topic"),
        ("{pager", "{pagr", ":14:8: E403", "`值班` is told by `pagr`, which is no messenger; did you mean `pager`?"),
        ("ops@example.com", "13800000001", ":13:59: E204", "`13800000001` is no mail address"),
        ("13800000001", "-rf", ":13:21: E204", "must be an address without blanks"),
        ("token file: secret", "token file: nowhere", ":8:64: E401", "or set IVR_MESSENGER_DUTY_SMS_TOKEN"),
        ("http://127.0.0.1:9000/sms", "http://k:s3cret@x", ":8:23: E204", "a web address without a user in it"),
    ],
)
def test_a_mistake_is_told_with_place_cause_and_remedy(load: Load, old: str, new: str, place: str, says: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(GOOD.replace(old, new, 1))
    message = str(refused.value)
    assert f"ivr.yaml{place}" in message
    assert says in message
    assert "\n" not in message
    assert "s3cret" not in message


def test_a_board_needs_a_broker(load: Load) -> None:
    with pytest.raises(SettingsError, match=r"`board` speaks over MQTT, and the settings name no broker; add `mqtt:"):
        load(GOOD, BASE.replace("mqtt: {prefix: acme}\n", ""))


def test_a_place_for_a_token_wants_one(load: Load) -> None:
    with pytest.raises(SettingsError, match="has a place for a token, and none"):
        load('messengers: {m: {webhook: "https://x/?key=<token>"}}\n')


def test_groups_that_nobody_stands_for_are_told(load: Load) -> None:
    settings = load()
    assert unheard(["duty", "值班"], settings) == ()
    assert unheard(["duty", "leadership", "leadership"], settings) == (
        "the dialplan tells 'leadership', and the settings name nobody for it: add `people: {leadership: …}`",
    )


def test_certificates_that_cannot_be_read_are_told(load: Load) -> None:
    settings = load('messengers: {m: {webhook: "https://x", ca file: secret}}\n')
    with pytest.raises(StartError, match="the certificates in"):
        roster_of(settings)


async def test_an_engines_alert_reaches_people_and_what_became_of_it_is_told_and_counted(
    load: Load, tmp_path: Path
) -> None:
    program = f"[/bin/sh, -c, 'cat >{tmp_path}/told']"
    settings = load(f"messengers: {{page: {{command: {program}}}}}\npeople: {{duty: {{page: [li.wei]}}}}\n")
    run = Run(Scripted(lambda *_: []))
    metrics = Metrics(lambda: 1.0, lambda: 0)
    run.engine.listen(metrics.observe)
    post = messengers(roster_of(settings), settings.state, run.engine, metrics, lambda: 5.0, situated=_situated)
    sending = asyncio.create_task(post.run())
    drill, real = (AlertRaised(name, 4.0, ("duty",), "switched", "Recall", "# Situation") for name in ("a1", "a2"))
    run.engine.publish(drill, drill=True)
    run.engine.publish(real)
    async with asyncio.timeout(20):
        while not (sent := [notice for notice in run.heard if isinstance(notice, AlertSent)]):
            await asyncio.sleep(0.01)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert sent == [AlertSent("a2", 5.0, "li.wei", "page", ok=True)]
    assert '"title":"Recall","text":"# Situation and how it stands"' in (tmp_path / "told").read_text()
    assert b'ivr_alerts_total{messenger="page",result="sent"} 1.0' in metrics.render()[0]
    assert b'"type":"ended"' in (tmp_path / "state" / "alerts.jsonl").read_bytes()


def _situated(notice: AnyNotice) -> AnyNotice:
    return (
        msgspec.structs.replace(notice, text=f"{notice.text} and how it stands")
        if isinstance(notice, AlertRaised)
        else notice
    )
