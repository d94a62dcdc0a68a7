"""This file decides what `ivr.yaml` may hold and where secrets come from. It does not know what they are used for.

It is read like a dialplan, so a mistake is told with file, line and column. Paths are relative to the file. Secrets
stand in files of their own; an environment variable wins over its file.
"""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from ivr_engine.dialplan.diagnostics import Findings, TooManyError
from ivr_engine.dialplan.fields import Group, ListOf, Named, Remedy
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Flag, Label, Pattern, Phrase, Whole
from ivr_engine.dialplan.source import Mark, Scalar, Sequence, UnreadableError, Value, read_file
from ivr_engine.errors import SettingsError, StartError
from ivr_engine.recording.keys import load_recipients

_KEYS_INIT = "run `ivr keys init` and add what it prints: `recipients: [age1…]`"


@dataclass
class _SettingsReader(Reader):
    folder: Path = Path()
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Location(Kind):
    """A file or folder; `default` is what stands for one that nobody named."""

    default: str = ""
    expected: ClassVar[str] = "a path"
    example: ClassVar[str] = "some/where"

    def read(self, value: Value, reader: Reader) -> Path:
        """The path, relative to the settings file."""
        assert isinstance(reader, _SettingsReader)
        text = self.scalar(value, reader)
        if not text or "\0" in text:
            raise self.wrong(value, reader)
        return reader.folder / Path(text).expanduser()

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """The default, relative to the settings file too."""
        assert isinstance(reader, _SettingsReader)
        return reader.folder / self.default if self.default else default


@dataclass(frozen=True)
class _Secret(Kind):
    """The content of a file, or of an environment variable."""

    variable: str  # `{}` is what the group it belongs to is called
    expected: ClassVar[str] = "a path"
    example: ClassVar[str] = "secrets/…"

    def read(self, value: Value, reader: Reader) -> str:
        """The secret. Neither it nor a part of it is ever told."""
        assert isinstance(reader, _SettingsReader)
        variable = self._variable(reader)
        if variable in reader.environ:
            return self._filled(reader.environ[variable], f"${variable}", value.mark, reader)
        path = _Location().read(value, reader)
        try:
            content = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is not UTF-8"
            message = f"the secret {path} cannot be read: {why.lower()}"
            raise reader.refuse(value.mark, "E401", message, f"create it, or set {variable}") from error
        return self._filled(content, str(path), value.mark, reader)

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> Any:
        """From the environment, if it is there."""
        assert isinstance(reader, _SettingsReader)
        variable = self._variable(reader)
        if variable in reader.environ:
            return self._filled(reader.environ[variable], f"${variable}", mark, reader)
        if default is MISSING:
            remedy = f"name the file that holds it, or set {variable}"
            raise reader.refuse(mark, "E401", f"{reader.where} has no secret", remedy)
        return default

    def _variable(self, reader: Reader) -> str:
        return self.variable.format(*(key.upper().replace("-", "_") for key in reader.path[-2:-1]))

    def _filled(self, content: str, where: str, mark: Mark, reader: Reader) -> str:
        if secret := content.strip():
            return secret
        raise reader.refuse(
            mark, "E401", f"the secret {where} is empty", f"write it there, or set {self._variable(reader)}"
        )


@dataclass(frozen=True)
class _DatabaseUrl(Kind):
    """SQLAlchemy's address of a database; that of an SQLite file is relative to the settings file."""

    default: ClassVar[str] = "sqlite:///calls.db"
    expected: ClassVar[str] = "a database address"
    example: ClassVar[str] = default

    def read(self, value: Value, reader: Reader) -> str:
        """The address."""
        text = self.scalar(value, reader)
        if "://" not in text:
            raise self.wrong(Scalar(value.mark, "something else"), reader)  # it may hold a password
        return self._placed(text, reader)

    def left_out(self, default: Any, mark: Mark, reader: Reader) -> str:
        """A file beside the settings."""
        del default, mark
        return self._placed(self.default, reader)

    def _placed(self, text: str, reader: Reader) -> str:
        assert isinstance(reader, _SettingsReader)
        scheme, slashes, path = text.partition(":///")
        if not scheme.startswith("sqlite") or not slashes or not path or path == ":memory:":
            return text
        return f"{scheme}:///{(reader.folder / path).absolute()}"


@dataclass(frozen=True)
class _Recipients(Kind):
    """Public keys that recordings are sealed for."""

    expected: ClassVar[str] = "a list of public keys"
    example: ClassVar[str] = "[age1…]"

    def read(self, value: Value, reader: Reader) -> tuple[str, ...]:
        """The keys. What is no public key may be a private one, so it is not told."""
        items = value.items if isinstance(value, Sequence) else (value,)
        written = [item.text for item in items if isinstance(item, Scalar) and item.value is not None]
        if not written:
            raise reader.refuse(value.mark, "E202", f"{reader.where} names no public key", _KEYS_INIT)
        try:
            return load_recipients(written)
        except StartError as error:
            message, _, remedy = str(error).partition(": ")
            raise reader.refuse(value.mark, "E402", message, remedy) from error


Location = Annotated[Path, _Location()]
Port = Annotated[int, Whole(1, 65535)]
Url = Annotated[str, Pattern(r"https?://[^\s@]+", "a web address without a user in it", "http://127.0.0.1:8088", True)]


@dataclass(frozen=True, kw_only=True)
class AsteriskSettings:
    """Where Asterisk's ARI is, and as who we speak to it."""

    url: Url = "http://127.0.0.1:8088"
    user: str
    password: Annotated[str, Named("password file"), _Secret("IVR_ARI_PASSWORD")] = field(repr=False)
    app: Annotated[str, Pattern(r"hotline\.[a-z0-9-]{1,20}", "an application's name", "hotline.a")] = "hotline.a"


@dataclass(frozen=True, kw_only=True)
class RecordingSettings:
    """Where recordings are born, where they are kept, and who may open them."""

    spool: Location  # in memory only: Asterisk writes plaintext here
    vault: Location
    recipients: Annotated[tuple[str, ...], _Recipients(), Remedy(_KEYS_INIT)]


@dataclass(frozen=True, kw_only=True)
class StoreSettings:
    """Where call records are kept."""

    url: Annotated[str, _DatabaseUrl()] = _DatabaseUrl.default


@dataclass(frozen=True, kw_only=True)
class MqttSettings:
    """The broker that is told what happens."""

    host: str = "127.0.0.1"
    port: Port = 1883
    user: str | None = None
    password: Annotated[str | None, Named("password file"), _Secret("IVR_MQTT_PASSWORD")] = field(
        default=None, repr=False
    )
    prefix: Annotated[str, Pattern(r"[^\s+#/]+(/[^\s+#/]+)*", "the beginning of a topic", "ivr")] = "ivr"


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """Where metrics, health and commands are served; the token is asked for commands."""

    host: str = "127.0.0.1"
    port: Port
    token: Annotated[str, Named("token file"), _Secret("IVR_WEB_TOKEN")] = field(repr=False)


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
class SiteSettings:
    """The hotline's own Asterisk, as `ivr provision` sets it up."""

    directory: Location  # where its configuration and its own files go
    phones: Location  # the agents' passwords; one is made for each agent who has none
    trunks: Mapping[Label, TrunkSettings]
    sip: SipSettings = SipSettings()
    rtp: RtpSettings = RtpSettings()


@dataclass(frozen=True, kw_only=True)
class SystemSettings:
    """Another system that lookups ask about callers. `url` is the beginning of its address.

    The token goes along as `Authorization: Bearer`. `ca file` says who vouches for it, if the machine does not know.
    """

    url: Url
    token: Annotated[str | None, Named("token file"), _Secret("IVR_{}_TOKEN")] = field(default=None, repr=False)
    at_once: Annotated[int, Whole(1, 1000)] = 20
    ca_file: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All of `ivr.yaml`."""

    dialplan: Location
    prompts: Location
    asterisk: AsteriskSettings
    recording: Annotated[RecordingSettings, Remedy(f"add `recording:` with spool and vault; {_KEYS_INIT}")]
    web: WebSettings
    store: StoreSettings = StoreSettings()
    mqtt: MqttSettings | None = None
    site: SiteSettings | None = None
    systems: Mapping[Label, SystemSettings] = field(default_factory=dict)
    state: Annotated[Path, _Location("state")] = Path("state")
    journal: Location | None = None
    log: LogSettings = LogSettings()


def load_settings(path: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in a file. Raises SettingsError: one line with place, cause and remedy."""
    findings = Findings()
    reader = _SettingsReader(findings, folder=path.absolute().parent, environ=environ)
    try:
        table, _ = read_file(path, findings)
        settings: Settings = Group(Settings).read(table, reader)
    except (UnreadableError, TooManyError) as error:
        raise _refusal(findings) from error
    if findings.errors:
        raise _refusal(findings)
    return settings


def _refusal(findings: Findings) -> SettingsError:
    first, *others = sorted(findings.errors)
    more = f" (and {len(others)} more)" if others else ""
    return SettingsError(f"{first}{more}")
