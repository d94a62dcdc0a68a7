"""This file decides what `ivr.yaml` may hold and where secrets come from. It does not know what they are used for.

It is read like a dialplan, so a mistake is told with file, line and column. Paths are relative to the file. Secrets
stand in files of their own; an environment variable wins over its file.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from ivr_engine.dialplan import fields
from ivr_engine.dialplan.diagnostics import Findings, TooManyError
from ivr_engine.dialplan.fields import Group, ListOf, Named, Remedy, kind_of
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.scalars import Flag, Label, Language, Pattern, Phrase, Seconds, Whole
from ivr_engine.dialplan.source import Table, UnreadableError, Value, read_file
from ivr_engine.errors import SettingsError
from ivr_engine.people_settings import MessengerSettings, PeopleByGroup, check_broker, check_people
from ivr_engine.prompts import Voice
from ivr_engine.prompts.written import Arguments, VoiceKind
from ivr_engine.setting_kinds import (
    KEYS_INIT,
    DatabaseUrl,
    Location,
    Place,
    Port,
    Recipients,
    Secret,
    SettingsReader,
    Url,
)


@dataclass(frozen=True, kw_only=True)
class AsteriskSettings:
    """Where Asterisk's ARI is, and as who we speak to it."""

    url: Url = "http://127.0.0.1:8088"
    user: str
    password: Annotated[str, Named("password file"), Secret("IVR_ARI_PASSWORD")] = field(repr=False)
    app: Annotated[str, Pattern(r"hotline\.[a-z0-9-]{1,20}", "an application's name", "hotline.a")] = "hotline.a"
    look_every: Seconds = 5.0  # what is believed is compared with what Asterisk has


@dataclass(frozen=True, kw_only=True)
class RecordingSettings:
    """Where recordings are born, where they are kept, and who may open them."""

    spool: Location  # in memory only: Asterisk writes plaintext here
    vault: Location
    recipients: Annotated[tuple[str, ...], Recipients(), Remedy(KEYS_INIT)]
    extra: Location | None = None  # a second vault, best on another machine: what a crisis profile asks for twice


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where call records are kept."""

    url: Annotated[str, DatabaseUrl()] = DatabaseUrl.default


@dataclass(frozen=True, kw_only=True)
class MqttSettings:
    """The broker that is told what happens."""

    host: str = "127.0.0.1"
    port: Port = 1883
    user: str | None = None
    password: Annotated[str | None, Named("password file"), Secret("IVR_MQTT_PASSWORD")] = field(
        default=None, repr=False
    )
    prefix: Annotated[str, Pattern(r"[^\s+#/]+(/[^\s+#/]+)*", "the beginning of a topic", "ivr")] = "ivr"


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """Where metrics, health and commands are served; the token is asked for commands."""

    host: str = "127.0.0.1"
    port: Port
    token: Annotated[str, Named("token file"), Secret("IVR_WEB_TOKEN")] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """How the log reads; `auto` is pretty on a terminal and JSON elsewhere."""

    format: Literal["auto", "json", "pretty"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True, kw_only=True)
class SipSettings:
    """Where Asterisk listens for calls. `advertise` is the address others must send to, where that is another."""

    bind: str = "127.0.0.1"
    port: Port = 5060
    advertise: str | None = None


@dataclass(frozen=True, kw_only=True)
class RtpSettings:
    """The ports of the sound; a call takes two for each of its lines."""

    first: Port = 10000
    last: Port = 10999


@dataclass(frozen=True, kw_only=True)
class TrunkSettings:
    """Another telephone system: the carrier, or a remote site with the name of its pool."""

    host: str
    port: Port = 5060
    accept_from: Annotated[tuple[str, ...], ListOf(Phrase(), may_be_empty=True)] = ()
    watch: Annotated[bool, Flag()] = True


@dataclass(frozen=True, kw_only=True)
class DrillSettings:
    """Marked calls may come, from these addresses, with the password that stands in `secret`; it is made if missing."""

    secret: Location
    accept_from: Annotated[tuple[str, ...], ListOf(Phrase())] = ("127.0.0.1",)


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """The hotline's own Asterisk, as `ivr provision` sets it up."""

    directory: Location  # where its configuration and its own files go
    phones: Location  # the agents' passwords; one is made for each agent who has none
    trunks: Mapping[Label, TrunkSettings]
    agent_pins: Location | None = None  # if agents shall dial a PIN behind each code; made as the passwords are
    people_pins: Location | None = None  # of the dialplan's `people`, for codes and briefings; made for who lacks one
    drill_calls: DrillSettings | None = None  # none may come where it is left out
    sip: SipSettings = SipSettings()
    rtp: RtpSettings = RtpSettings()


@dataclass(frozen=True, kw_only=True)
class SystemSettings:
    """Another system that lookups ask about callers. `url` is the beginning of its address.

    The token goes along as `Authorization: Bearer`. `ca file` says who vouches for it, if the machine does not know.
    """

    url: Url
    token: Annotated[str | None, Named("token file"), Secret("IVR_{}_TOKEN")] = field(default=None, repr=False)
    at_once: Annotated[int, Whole(1, 1000)] = 20
    ca_file: Location | None = None


@dataclass(frozen=True, kw_only=True)
class SignalSettings:
    """Another system that tells of signals, with a token that lets it do nothing else."""

    token: Annotated[str, Named("token file"), Secret("IVR_SIGNAL_{}_TOKEN")] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class VoiceSettings:
    """Who speaks a language: a program that is run, or a service on the web that is asked, but not both."""

    command: Annotated[tuple[str, ...], Arguments()] = ()  # gets `{text_file}` and writes `{wav}`
    http: Url | None = None  # is sent JSON, `text` and `language`, and answers with a WAV file
    token: Annotated[str | None, Named("token file"), Secret("IVR_VOICE_{}_TOKEN")] = field(default=None, repr=False)
    timeout: Seconds = 60.0


Voices = Mapping[Language, Annotated[Voice, VoiceKind(VoiceSettings)]]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All of `ivr.yaml`."""

    dialplan: Location
    prompts: Location
    asterisk: AsteriskSettings
    recording: Annotated[RecordingSettings, Remedy(f"add `recording:` with spool and vault; {KEYS_INIT}")]
    web: WebSettings
    store: StoreSettings = StoreSettings()
    mqtt: MqttSettings | None = None
    site: SiteSettings | None = None
    systems: Mapping[Label, SystemSettings] = field(default_factory=dict)
    signals: Mapping[Label, SignalSettings] = field(default_factory=dict)  # who may tell of signals over the web
    messengers: Mapping[Label, MessengerSettings] = field(default_factory=dict)  # how people are told of an alert
    people: PeopleByGroup = field(default_factory=dict)  # groups as the dialplan names them: by messenger, addresses
    voices: Voices = field(default_factory=dict)  # by language; espeak-ng speaks all others
    state: Annotated[Path, Place("state")] = Path("state")
    reload: Literal["by hand", "on change"] = "by hand"  # when changed dialplan files are taken: `ivr reload`
    screen_numbers: Literal["masked", "whole"] = "masked"  # how agents see callers' numbers
    journal: Location | None = None
    log: LogSettings = LogSettings()

    def judge(self, at: fields.Place) -> None:
        """People are told by messengers that are there, at addresses these can use."""
        check_people(self.messengers, at)
        if self.mqtt is None:
            check_broker(self.messengers, at)


def load_settings(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in a file. Raises SettingsError: one line with place, cause and remedy."""
    settings: Settings = _load(path, environ, Group(Settings).read)
    return settings


def load_voices(path: Path, environ: Mapping[str, str] = os.environ) -> Mapping[str, Voice]:
    """The voices alone: a machine that builds prompts need not have the rest. Raises SettingsError like the other."""

    def read(table: Value, reader: Reader) -> Any:
        written = table.get("voices") if isinstance(table, Table) else None
        with reader.inside("voices"):
            return kind_of(Voices).read(written, reader) if written else {}

    voices: Mapping[str, Voice] = _load(path, environ, read)
    return voices


def _load(path: Path, environ: Mapping[str, str], read: Callable[[Value, Reader], Any]) -> Any:
    findings = Findings()
    reader = SettingsReader(findings, folder=path.absolute().parent, environ=environ)
    try:
        table, _ = read_file(path, findings)
        settings = read(table, reader)
    except (UnreadableError, TooManyError) as error:
        raise _refusal(findings) from error
    if findings.errors:
        raise _refusal(findings)
    return settings


def _refusal(findings: Findings) -> SettingsError:
    first, *others = sorted(findings.errors)
    more = f" (and {len(others)} more)" if others else ""
    return SettingsError(f"{first}{more}")
