"""This file decides who is told of alerts and how, by the settings. It does not know how a messenger works."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from ivr_engine.messengers.board import Board
from ivr_engine.messengers.command import Command
from ivr_engine.messengers.kept import KeptAlerts
from ivr_engine.messengers.mail import PORTS, Mail
from ivr_engine.messengers.messenger import Messenger
from ivr_engine.messengers.post import Post, Roster
from ivr_engine.messengers.webhook import Webhook
from ivr_engine.metrics.metrics import Metrics
from ivr_engine.model.notices import AnyNotice
from ivr_engine.mqtt.once import publish_once
from ivr_engine.mqtt.publisher import Broker
from ivr_engine.people_settings import MessengerSettings
from ivr_engine.runtime.engine import Engine
from ivr_engine.setting_kinds import authorities
from ivr_engine.settings import MqttSettings, Settings


def messengers(  # noqa: PLR0913 - whom they hear from, and who hears of them
    roster: Roster,
    state: Path,
    engine: Engine,
    metrics: Metrics,
    now: Callable[[], float],
    *,
    situated: Callable[[AnyNotice], AnyNotice],
) -> Post:
    """What sends the engine's alerts, once it runs; `state` is the folder of what survives a restart.

    `situated` adds to an alert how things stand.

    Alerts of drill calls are not sent: nobody is to be woken by a rehearsal.
    """
    metrics.messengers.expect(roster.messengers)
    post = Post(roster, KeptAlerts(state / "alerts.jsonl"), engine.publish, now)
    engine.listen(lambda notice: post.hear(situated(notice)))
    return post


def roster_of(settings: Settings) -> Roster:
    """Everybody. Raises StartError when certificates cannot be read."""
    messengers = {name: _messenger(one, settings.mqtt) for name, one in settings.messengers.items()}
    return Roster(messengers, settings.people)


def unheard(groups: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """Why alerts to some groups that the dialplan tells would reach nobody; in words, one for each group."""
    return tuple(
        f"the dialplan tells {group!r}, and the settings name nobody for it: add `people: {{{group}: …}}`"
        for group in dict.fromkeys(groups)
        if not settings.people.get(group)
    )


def _messenger(one: MessengerSettings, mqtt: MqttSettings | None) -> Messenger:
    vouching = authorities(one.ca_file)
    if one.webhook is not None:
        return Webhook(one.webhook, one.body, one.answer, one.token, vouching, one.within)
    if one.smtp is not None:
        assert one.sender is not None
        port = one.port or PORTS[one.tls]
        return Mail(one.smtp, one.sender, port, one.tls, one.user, one.password, vouching, one.within)
    if one.command is not None:
        return Command(one.command, one.within)
    assert one.mqtt is not None
    assert mqtt is not None  # the settings are refused otherwise
    broker = Broker(mqtt.host, mqtt.port, mqtt.user, mqtt.password)
    return Board(f"{mqtt.prefix}/{one.mqtt}", partial(publish_once, broker), one.within)
