"""This file says which facts a real Asterisk must be given, and refuses those that could break out of a conf file.

It may not know how a conf file is written (the templates do) nor who starts Asterisk.
"""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path

from ivr_engine.errors import SettingsError

DRILL_ENDPOINT = "drill"

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?")
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
# A path is pasted into dialplan arguments, where each of these characters means something to Asterisk.
_PATH_FORBIDDEN = frozenset(",;&|^$\\\"'`(){}[]<>#*?%!")
# Asterisk cuts a line at ";"; a control character ends it; "\" and "#" lead in escapes and #exec.
_TEXT_FORBIDDEN = frozenset(";\\#")


@dataclass(frozen=True, slots=True)
class Agent:
    """A person's phone. It registers with this name and password, and rings as PJSIP/<name>."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drills:
    """Who may make marked calls: who knows the password, as `DRILL_ENDPOINT`, from these addresses or networks."""

    password: str = field(repr=False)
    accept_from: tuple[str, ...] = ("127.0.0.1",)


@dataclass(frozen=True, slots=True)
class Trunk:
    """A line to another telephone system, known by its address: PJSIP/<number>@<name> dials out on it."""

    name: str
    host: str
    port: int
    accept_from: tuple[str, ...] = ()
    """Addresses or networks whose calls belong to this trunk; the host itself where nothing is given."""
    watch: bool = True
    """Ask it every few seconds whether it lives. Off for a peer that has no ear, such as a call generator."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the Asterisk that will read these files keeps its modules and its own data."""

    modules_dir: Path
    data_dir: Path


@dataclass(frozen=True, slots=True)
class HotlineSite:
    """All that the hotline's own Asterisk is told."""

    name: str
    directory: Path
    installation: Installation
    sip_port: int
    http_port: int
    rtp_ports: range
    ari_user: str
    ari_password_hash: str = field(repr=False)
    recording_dir: Path
    numbers: tuple[str, ...]
    trunks: tuple[Trunk, ...]
    agents: tuple[Agent, ...]
    fallback_agents: tuple[str, ...]
    """The agents rung when no engine takes the call: names from `agents`."""
    fallback_prompts: tuple[Path, ...] = ()
    """Played in this order before the fallback queue; without the file's suffix, as Asterisk wants it."""
    fallback_waiting_prompt: Path | None = None
    """Played now and then to those whom nobody has answered yet."""
    bind: str = "127.0.0.1"
    http_bind: str = "127.0.0.1"
    advertise: str | None = None
    """The address phones are told to send their voice to, where it is not the one bound (containers, NAT)."""
    engine_prefix: str = "hotline"
    """An engine whose ARI application is named <prefix>.<anything> may claim calls."""
    claim_ms: int = 800
    drills: Drills | None = None
    """None where no call may be a drill."""
    agent_pins: bool = False
    """Whether agents dial their PIN behind each code."""
    crisis_codes: bool = False
    """Whether crises are switched by codes with a person's PIN, from agents' phones."""
    fallback_ring_seconds: int = 15
    fallback_waiting_every: int = 20
    rtp_timeout: int = 60


@dataclass(frozen=True, slots=True)
class RemoteSite:
    """All that the Asterisk standing for a remote agent pool is told: who may call, and how it sounds."""

    name: str
    directory: Path
    installation: Installation
    sip_port: int
    rtp_ports: range
    numbers: tuple[str, ...]
    hotline: Trunk
    remote_seats: int
    tone_hz: int
    talk_seconds: int = 30
    ring_seconds: float = 1.0
    bind: str = "127.0.0.1"
    rtp_timeout: int = 60


Site = HotlineSite | RemoteSite

_NAMES = {"name", "ari_user", "fallback_agents", "engine_prefix"}
_ADDRESSES = {"bind", "http_bind", "advertise", "host"}
_AT_LEAST_ONE = {"remote_seats", "tone_hz", "talk_seconds", "claim_ms", "fallback_ring_seconds"}


def validate(site: Site) -> None:
    """Raise SettingsError for the first value Asterisk would misread; say which and what is allowed."""
    for where, value in _walk(site, ""):
        _check(where, value)
    if isinstance(site, HotlineSite):
        _check_hotline(site)


def _walk(value: object, where: str) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        for each in fields(value):
            yield from _walk(getattr(value, each.name), f"{where}.{each.name}".lstrip("."))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _walk(item, f"{where}[{index}]")
    else:
        yield where, value


def _check(where: str, value: object) -> None:
    word = where.rpartition(".")[2].partition("[")[0]
    match value:
        case Path():
            _check_path(where, value)
        case str():
            _check_text(where, word, value)
        case range():
            if len(value) < 4 or not _is_port(value.start) or not _is_port(value.stop - 1):
                raise SettingsError(f"{where}: {value} is no range of ports; give at least four within 1-65535")
        case int() | float():
            _check_count(where, word, value)


def _check_text(where: str, word: str, value: str) -> None:
    if not value.isprintable() or value != value.strip() or _TEXT_FORBIDDEN & set(value):
        raise SettingsError(f"{where}: has a line break, outer space, ';', '#' or '\\'; leave those out")
    if not value:
        raise SettingsError(f"{where}: is empty; give it a value")
    if word in _NAMES and not _NAME.fullmatch(value):
        raise SettingsError(f"{where}: {value!r} is no name; use letters, digits, '-' and '_' (at most 40)")
    if word == "numbers" and not _NUMBER.fullmatch(value):
        raise SettingsError(f"{where}: {value!r} is no telephone number; use digits, a '+' only in front")
    if word in _ADDRESSES or word == "accept_from":
        _check_address(where, value, network=word == "accept_from")


def _check_address(where: str, value: str, *, network: bool) -> None:
    try:
        if network:
            ipaddress.IPv4Network(value)
        else:
            ipaddress.IPv4Address(value)
    except ValueError:
        kind = "address or network" if network else "address"
        raise SettingsError(f"{where}: {value!r} is no IPv4 {kind}; names are not looked up in a call's way") from None


def _check_path(where: str, value: Path) -> None:
    text = str(value)
    if not value.is_absolute():
        raise SettingsError(f"{where}: {text!r} must be an absolute path")
    if bad := sorted({char for char in text if char in _PATH_FORBIDDEN or not char.isprintable()}):
        raise SettingsError(f"{where}: {text!r} has {' '.join(map(repr, bad))}; move it to a plainer path")


def _check_count(where: str, word: str, value: float) -> None:
    if word.endswith("port") or word == "port":
        if not _is_port(value):
            raise SettingsError(f"{where}: {value} is no port; use 1-65535")
    elif value < (1 if word in _AT_LEAST_ONE else 0):
        raise SettingsError(f"{where}: {value} is too small")


def _is_port(value: float) -> bool:
    return 1 <= value <= 65535


def _check_hotline(site: HotlineSite) -> None:
    if ipaddress.IPv4Address(site.advertise or site.bind).is_unspecified:
        raise SettingsError("advertise: phones cannot send their voice to 0.0.0.0; give the address they reach")
    if not site.numbers:
        raise SettingsError("numbers: the hotline has no number; give at least one")
    names = [agent.name for agent in site.agents] + [trunk.name for trunk in site.trunks]
    names += [DRILL_ENDPOINT] if site.drills else []
    if double := sorted({name for name in names if names.count(name) > 1}):
        raise SettingsError(f"agents/trunks: {double[0]!r} is given twice; every endpoint needs its own name")
    known = {agent.name for agent in site.agents}
    if strangers := [name for name in site.fallback_agents if name not in known]:
        raise SettingsError(f"fallback_agents: {strangers[0]!r} is no agent; choose from {sorted(known)}")
