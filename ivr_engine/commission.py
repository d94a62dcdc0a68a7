"""This file decides what a new hotline's folder holds, and what its Asterisk is told. It does not start anything.

`commission` writes settings, secrets and keys once; `site_of` turns settings and dialplan into the facts that
`ivr provision` renders. Who wants other ports edits ivr.yaml and provisions again.
"""

import ipaddress
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
import msgspec

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.errors import SettingsError, StartError
from ivr_engine.nodes import Node
from ivr_engine.nodes.voicemail import Voicemail
from ivr_engine.prompts import PromptBook
from ivr_engine.provision import (
    Agent,
    Drills,
    HotlineSite,
    Installation,
    Trunk,
    hash_password,
    message_folder,
    new_password,
    new_pin,
)
from ivr_engine.recording import keys
from ivr_engine.settings import Settings, TrunkSettings

_TEMPLATE = """\
# The hotline's settings. Paths are relative to this file; secrets stand in files of their own.
# 热线设置。路径相对于本文件；密码保存在单独的文件中。
dialplan: {{ dialplan | tojson }}
prompts: {{ prompts | tojson }}

asterisk:                        # its REST interface, on loopback
  url: http://127.0.0.1:{{ ari_port }}
  user: ivr
  password file: secrets/ari
  app: hotline.a

recording:
  spool: {{ spool | tojson }}    # in memory (tmpfs): Asterisk writes plaintext here
  vault: recordings              # sealed for the recipients below
  extra: recordings-2            # 危机录音另存: what a crisis profile keeps twice; best on another machine's disk
  recipients: [{{ recipient }}]  # 录音只能用对应的私钥打开

web:                             # metrics, health, and the commands of `ivr crisis`
  port: {{ web_port }}
  token file: secrets/web
{% if mqtt_port %}

mqtt:
  port: {{ mqtt_port }}
{% endif %}

store: {url: "sqlite:///calls.db"}
state: state                     # what must survive a restart, such as the crisis that is on
journal: journal/journal.jsonl

site:                            # what `ivr provision` tells Asterisk
  directory: asterisk
  phones: secrets/phones.json
{% if people_pins %}
  people pins: secrets/people-pins   # by phone: *81, *82, *83 and briefings 电话代码和简报的密码
{% endif %}
  sip: {port: {{ sip_port }}}    # and bind, advertise: the addresses to listen on, and to be sent to
  rtp: {first: {{ rtp.start }}, last: {{ rtp.stop - 1 }}}
  trunks:                        # the carrier, and each remote site by the name of its pool
{% for name, trunk in trunks.items() %}
    {{ name }}: {host: {{ trunk.host }}, port: {{ trunk.port }}, watch: {{ "true" if trunk.watch else "false" }}}
{% endfor %}
{% if drills %}
  drill calls: {secret: secrets/drill}  # 演练: who knows it may make marked calls, from this machine
{% endif %}
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs from one new hotline to the next. The defaults are those of a machine of its own."""

    dialplan: Path
    prompts: Path
    spool: Path = Path("/dev/shm/ivr")  # noqa: S108  # tmpfs on purpose: plaintext sound must not touch a disk
    ari_port: int = 8088
    web_port: int = 9464
    mqtt_port: int | None = 1883
    sip_port: int = 5060
    rtp: range = range(10000, 11000)
    trunks: Mapping[str, TrunkSettings] = field(default_factory=dict)
    drills: bool = False
    people_pins: bool = False


def commission(folder: Path, plan: Plan) -> Path:
    """Write a new hotline's folder; answer the path of its ivr.yaml. Raises SettingsError if there is one already."""
    settings = folder / "ivr.yaml"
    if settings.exists():
        raise SettingsError(f"{settings} is there already: edit it, or choose another folder")
    _, recipient = keys.init(folder / "keys")  # first: where there are keys already, nothing is touched
    secrets = folder / "secrets"
    secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("ari", "web"):
        write_secret(secrets / name, new_password())
    text = jinja2.Environment(trim_blocks=True, autoescape=False).from_string(_TEMPLATE)  # noqa: S701  # YAML, not HTML
    settings.write_text(text.render(vars_of(plan), recipient=recipient), "utf-8")
    return settings


def vars_of(plan: Plan) -> dict[str, object]:
    """The plan as the template wants it: absolute paths, so that the folder may lie anywhere."""
    names = ("ari_port", "web_port", "mqtt_port", "sip_port", "rtp", "trunks", "drills", "people_pins")
    paths = {name: str(getattr(plan, name).absolute()) for name in ("dialplan", "prompts", "spool")}
    return paths | {name: getattr(plan, name) for name in names}


def site_of(settings: Settings, hotline: Hotline[Node], installation: Installation) -> HotlineSite:
    """All that the hotline's own Asterisk must be told. Makes a password for each agent who has none yet."""
    site = settings.site
    if site is None:
        raise SettingsError(
            "the settings have no section `site`: add it (see `ivr init`), or provision Asterisk yourself"
        )
    _require_trunks(settings, hotline)
    _require_reachable(settings)
    agents = tuple(agent for pool in hotline.pools.values() for agent in pool.agents)
    passwords = phone_passwords(site.phones, agents)
    if site.agent_pins is not None:
        phone_passwords(site.agent_pins, agents, new_pin)
    if site.people_pins is not None:
        people_pins(site.people_pins, hotline)
    drills = site.drill_calls
    book = PromptBook(settings.prompts.absolute())
    address = urlsplit(settings.asterisk.url)
    return HotlineSite(
        name=settings.asterisk.app.partition(".")[0],
        directory=site.directory.absolute(),
        installation=installation,
        sip_port=site.sip.port,
        bind=site.sip.bind,
        advertise=site.sip.advertise,
        http_port=address.port or 8088,
        http_bind=address.hostname or "127.0.0.1",
        rtp_ports=range(site.rtp.first, site.rtp.last + 1),
        ari_user=settings.asterisk.user,
        ari_password_hash=hash_password(settings.asterisk.password),
        recording_dir=settings.recording.spool.absolute(),
        numbers=hotline.numbers,
        trunks=tuple(Trunk(n, t.host, t.port, t.accept_from, t.watch) for n, t in site.trunks.items()),
        agent_pins=site.agent_pins is not None,
        crisis_codes=site.people_pins is not None,
        drills=Drills(drill_password(drills.secret), drills.accept_from) if drills else None,
        agents=tuple(Agent(agent, passwords[agent]) for agent in agents),
        fallback_agents=hotline.fallback.agents,
        fallback_prompts=tuple(book.path(prompt) for prompt in hotline.fallback.say.prompts()),
    )


def check_messages(hotline: Hotline[Node], settings: Settings) -> None:
    """Raise StartError where callers leave messages and Asterisk would write them to a disk.

    Where its folder cannot be seen (containers) `ivr provision` is trusted to have been run.
    """
    flows = (hotline.normal, *hotline.crises.values())
    takes_messages = any(isinstance(step, Voicemail) for flow in flows for step in flow.steps.values())
    if settings.site is None or not takes_messages or not settings.site.directory.is_dir():
        return
    if message_folder(settings.site.directory).resolve() != settings.recording.spool.resolve():
        raise StartError(
            f"the dialplan takes messages, and Asterisk would write them to {message_folder(settings.site.directory)},"
            " on a disk: run `ivr provision`, and restart Asterisk"
        )


def _require_trunks(settings: Settings, hotline: Hotline[Node]) -> None:
    trunks = settings.site.trunks if settings.site else {}
    for pool in hotline.pools.values():
        if pool.trunk and pool.over not in trunks:
            raise SettingsError(
                f"pool {pool.name!r} is reached over trunk {pool.over!r}, and `site: trunks:` has none of that name:"
                f" add `{pool.over}: {{host: …}}`, the address of that site"
            )
    for queue, plan in hotline.queues.items():
        if plan.call_back and plan.call_back.trunk not in trunks:
            raise SettingsError(
                f"queue {queue!r} calls back over trunk {plan.call_back.trunk!r}, and `site: trunks:` has none of that"
                f" name: add `{plan.call_back.trunk}: {{host: …}}`, or name another trunk at its `call back`"
            )
    for destination in hotline.normal.facilities.destinations.values():
        if destination.trunk not in trunks:
            raise SettingsError(
                f"destination {destination.name!r} is reached over trunk {destination.trunk!r}, and `site: trunks:` has"
                f" none of that name: add `{destination.trunk}: {{host: …}}`, or name another trunk in the dialplan"
            )


def _require_reachable(settings: Settings) -> None:
    site = settings.site
    if site is None or not _is_loopback(site.sip.bind):
        return
    for name, trunk in site.trunks.items():
        if not _is_loopback(trunk.host):
            raise SettingsError(
                f"trunk {name!r} is at {trunk.host}, but Asterisk would listen on {site.sip.bind} only: set"
                " `site: sip: bind:` to this machine's address (and `advertise:`, if others know it by another)"
            )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # rendering refuses it, and says why


def phone_passwords(path: Path, agents: tuple[str, ...], make: Callable[[], str] = new_password) -> dict[str, str]:
    """Every agent's password, or PIN; those missing are made and written."""
    known = agent_secrets(path)
    missing = [agent for agent in agents if agent not in known]
    if missing:
        known |= {agent: make() for agent in missing}
        write_secret(path, json.dumps(known, indent=1))
    return known


def people_pins(path: Path, hotline: Hotline[Node]) -> dict[str, str]:
    """A PIN of his own for everybody who can do something by phone; who cannot any more loses his."""
    by_phone = {"switch", "confirm", "listen"}
    people = [name for name, plan in hotline.people.items() if by_phone.intersection(plan.may)]
    known = agent_secrets(path)
    pins = {name: known[name] for name in people if name in known}
    for name in people:
        while name not in pins:
            pin = new_pin()
            if pin not in pins.values():
                pins[name] = pin
    if pins != known:
        write_secret(path, json.dumps(pins, indent=1, ensure_ascii=False))
    return pins


def drill_password(path: Path) -> str:
    """What proves that a call may be a drill; made and written if there is none. Raises SettingsError."""
    try:
        if not path.exists():
            write_secret(path, new_password())
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read as the drills' password ({error}): mend it, or remove it"
        ) from error


def agent_secrets(path: Path) -> dict[str, str]:
    """Passwords or PINs by agent; none if there is no such file yet. Raises SettingsError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read as passwords by agent ({error}): mend it, or remove it") from error


def write_secret(path: Path, secret: str) -> None:
    """Write a file only its owner can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(secret + "\n", "utf-8")
