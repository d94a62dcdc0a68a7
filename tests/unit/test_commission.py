"""A new hotline's folder: complete, readable by its owner only where it must be, and never written over."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ivr_engine.commission import (
    Plan,
    agent_secrets,
    check_messages,
    commission,
    people_pins,
    phone_passwords,
    site_of,
    write_secret,
)
from ivr_engine.dialplan.crises import PersonPlan
from ivr_engine.dialplan.hotline import CallBackPlan, DestinationPlan, Facilities, Text
from ivr_engine.errors import HotlineError, SettingsError, StartError
from ivr_engine.model.agents import PIN_DIGITS
from ivr_engine.model.ids import DestinationName, PoolName, QueueName, StepName
from ivr_engine.nodes.voicemail import Voicemail
from ivr_engine.provision import Installation
from ivr_engine.recording import keys
from ivr_engine.settings import Settings, TrunkSettings, load_settings
from tests.simulation.world import ACME, acme

HOTLINE = acme()
POLICE = DestinationName("police")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(
        dialplan=ACME,
        prompts=tmp_path / "prompts: 提示音",
        spool=tmp_path / "spool",
        ari_port=18088,
        web_port=19464,
        mqtt_port=11883,
        sip_port=15060,
        rtp=range(20000, 20100),
        trunks={"chengdu": TrunkSettings(host="127.0.0.1", port=5071, watch=False)},
    )


@pytest.fixture
def folder(tmp_path: Path, plan: Plan) -> Path:
    commission(tmp_path / "hotline", plan)
    return tmp_path / "hotline"


def test_people_have_pins_from_the_first_day_where_the_plan_says_so(tmp_path: Path, plan: Plan) -> None:
    commission(tmp_path / "other", replace(plan, people_pins=True))
    site = settings_of(tmp_path / "other").site
    assert site is not None
    assert site.people_pins == tmp_path / "other" / "secrets" / "people-pins"


def settings_of(folder: Path) -> Settings:
    return load_settings(folder / "ivr.yaml", {})


# --- commission ---------------------------------------------------------------------------------------------


def test_what_it_writes_can_be_loaded_and_says_what_was_planned(folder: Path, plan: Plan) -> None:
    settings = settings_of(folder)
    assert (settings.dialplan, settings.prompts, settings.recording.spool) == (ACME, plan.prompts, plan.spool)
    assert settings.asterisk.url == "http://127.0.0.1:18088"
    assert settings.web.port == 19464
    assert settings.mqtt is not None
    assert settings.mqtt.port == 11883
    assert settings.site is not None
    assert (settings.site.sip.port, settings.site.rtp.first, settings.site.rtp.last) == (15060, 20000, 20099)
    assert settings.site.trunks == plan.trunks
    assert settings.journal == folder / "journal" / "journal.jsonl"


def test_without_a_broker_there_is_no_section_for_one(tmp_path: Path, plan: Plan) -> None:
    commission(tmp_path / "other", replace(plan, mqtt_port=None))
    assert settings_of(tmp_path / "other").mqtt is None


def test_secrets_and_keys_are_readable_by_their_owner_only(folder: Path) -> None:
    assert mode(folder / "secrets") == mode(folder / "keys") == 0o700
    for name in ("secrets/ari", "secrets/web", f"keys/{keys.IDENTITY_FILE}"):
        assert mode(folder / name) == 0o600, name


def test_no_secret_stands_in_the_settings_and_no_two_are_alike(folder: Path) -> None:
    text = (folder / "ivr.yaml").read_text("utf-8")
    ari, web = ((folder / "secrets" / name).read_text().strip() for name in ("ari", "web"))
    assert ari != web
    assert min(len(ari), len(web)) >= 20
    assert ari not in text
    assert web not in text
    assert "AGE-SECRET-KEY" not in text
    assert settings_of(folder).recording.recipients[0].startswith("age1")


def test_a_hotline_that_is_there_is_not_touched(folder: Path, plan: Plan) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(SettingsError, match="is there already: edit it, or choose another folder"):
        commission(folder, plan)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_folder_whose_settings_are_gone_keeps_its_keys_and_secrets(folder: Path, plan: Plan) -> None:
    # The key opens recordings that nothing else opens, and Asterisk still knows the passwords.
    (folder / "ivr.yaml").unlink()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(HotlineError, match="choose another folder"):
        commission(folder, plan)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


# --- what Asterisk is told ----------------------------------------------------------------------------------


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(modules_dir=tmp_path / "modules", data_dir=tmp_path / "data")


def test_a_site_has_all_that_settings_and_dialplan_say(folder: Path, installation: Installation) -> None:
    settings = settings_of(folder)
    site = site_of(settings, HOTLINE, installation)
    assert (site.name, site.numbers, site.http_port, site.sip_port) == ("hotline", ("4000000400",), 18088, 15060)
    assert site.rtp_ports == range(20000, 20100)
    assert [agent.name for agent in site.agents] == ["1001", "1002", "1003"]
    assert [(trunk.name, trunk.host, trunk.watch) for trunk in site.trunks] == [("chengdu", "127.0.0.1", False)]
    assert site.fallback_agents == ("1001", "1002", "1003")
    assert len(site.fallback_prompts) == 2
    assert settings.asterisk.password not in repr(site)
    assert settings.asterisk.password not in site.ari_password_hash


def test_agents_get_a_pin_each_where_the_settings_want_one(folder: Path, installation: Installation) -> None:
    path = folder / "ivr.yaml"
    assert not site_of(settings_of(folder), HOTLINE, installation).agent_pins
    path.write_text(path.read_text("utf-8").replace("phones:", "agent pins: secrets/pins.json\n  phones:"), "utf-8")
    assert site_of(settings_of(folder), HOTLINE, installation).agent_pins
    pins = agent_secrets(folder / "secrets" / "pins.json")
    assert set(pins) == {"1001", "1002", "1003"}
    assert all(len(pin) == PIN_DIGITS and pin.isdigit() for pin in pins.values())
    assert (folder / "secrets" / "pins.json").stat().st_mode & 0o077 == 0


def test_people_who_can_do_something_by_phone_get_a_pin_of_their_own_and_lose_it_with_their_right(
    folder: Path, installation: Installation
) -> None:
    path, pins = folder / "ivr.yaml", folder / "secrets" / "people.json"
    path.write_text(path.read_text("utf-8").replace("phones:", "people pins: secrets/people.json\n  phones:"), "utf-8")
    promises = PersonPlan(may=("promise",))
    hotline = replace(HOTLINE, people={"张伟": PersonPlan(), "li": PersonPlan(may=("listen",)), "wang": promises})
    site_of(settings_of(folder), hotline, installation)
    before = agent_secrets(pins)
    assert set(before) == {"张伟", "li"}
    assert len(set(before.values())) == 2
    assert all(len(pin) == PIN_DIGITS and pin.isdigit() for pin in before.values())
    assert pins.stat().st_mode & 0o077 == 0

    site_of(settings_of(folder), replace(hotline, people={"张伟": PersonPlan()}), installation)
    assert agent_secrets(pins) == {"张伟": before["张伟"]}


def test_nobodys_pin_is_another_persons_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(["111111", "111111", "111111", "222222"])
    monkeypatch.setattr("ivr_engine.commission.new_pin", lambda: next(made))
    hotline = replace(HOTLINE, people={"a": PersonPlan(), "b": PersonPlan()})
    assert people_pins(folder / "pins.json", hotline) == {"a": "111111", "b": "222222"}


def test_a_destination_without_its_trunk_is_refused(folder: Path, installation: Installation) -> None:
    facilities = Facilities(destinations={POLICE: DestinationPlan(POLICE, "carrier", "110")})
    hotline = replace(HOTLINE, normal=replace(HOTLINE.normal, facilities=facilities))
    with pytest.raises(SettingsError, match="destination 'police' is reached over trunk 'carrier'"):
        site_of(settings_of(folder), hotline, installation)


def test_a_pool_without_its_trunk_is_refused(folder: Path, installation: Installation) -> None:
    settings = settings_of(folder)
    assert settings.site is not None
    bare = replace(settings, site=replace(settings.site, trunks={}))
    with pytest.raises(SettingsError, match="pool 'chengdu' is reached over trunk 'chengdu'"):
        site_of(bare, HOTLINE, installation)


def test_the_trunk_a_pool_shares_is_named_as_it_is_written(folder: Path, installation: Installation) -> None:
    away = replace(HOTLINE.pools[PoolName("chengdu")], trunk="wuhan")
    hotline = replace(HOTLINE, pools={**HOTLINE.pools, away.name: away})
    with pytest.raises(SettingsError, match=r"over trunk 'wuhan'.*add `wuhan: "):
        site_of(settings_of(folder), hotline, installation)


def test_a_queue_that_calls_back_over_no_trunk_is_refused(folder: Path, installation: Installation) -> None:
    general = replace(HOTLINE.queues[QueueName("general")], call_back=CallBackPlan(trunk="carier"))
    hotline = replace(HOTLINE, queues={**HOTLINE.queues, general.name: general})
    with pytest.raises(SettingsError, match="queue 'general' calls back over trunk 'carier'"):
        site_of(settings_of(folder), hotline, installation)


def test_a_carrier_outside_and_an_asterisk_that_listens_inside_only_are_refused(
    folder: Path, installation: Installation
) -> None:
    settings = settings_of(folder)
    assert settings.site is not None
    trunks = {**settings.site.trunks, "carrier": TrunkSettings(host="203.0.113.10")}
    outside = replace(settings, site=replace(settings.site, trunks=trunks))
    with pytest.raises(SettingsError, match=r"'carrier' is at .*, but Asterisk would listen on"):
        site_of(outside, HOTLINE, installation)


def test_settings_without_a_site_say_what_to_do(folder: Path, installation: Installation) -> None:
    with pytest.raises(SettingsError, match="no section `site`: add it"):
        site_of(replace(settings_of(folder), site=None), HOTLINE, installation)


def test_an_agents_password_stays_the_same_and_a_new_agent_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "phones.json"
    first = phone_passwords(path, ("1001", "1002"))
    assert mode(path) == 0o600
    assert phone_passwords(path, ("1001", "1002")) == first
    second = phone_passwords(path, ("1001", "1003"))
    assert {agent: second[agent] for agent in first} == first  # who is off duty today may be back tomorrow
    assert len(set(second.values())) == 3


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"1001":5}'])
def test_passwords_that_cannot_be_read_are_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "phones.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="mend it, or remove it"):
        phone_passwords(path, ("1001",))
    assert path.read_bytes() == content


def test_a_secret_written_over_an_open_file_is_closed_first(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0o644)
    write_secret(path, "new")
    assert (mode(path), path.read_text()) == (0o600, "new\n")


def test_messages_are_taken_only_where_asterisk_writes_them_to_memory(folder: Path) -> None:
    settings, silent = settings_of(folder), HOTLINE
    recorder = Voicemail(queue=QueueName("general"), say=Text({"zh-CN": "请留言。"}))
    normal = replace(silent.normal, steps={**silent.normal.steps, StepName("night"): recorder})
    taking = replace(silent, normal=normal)
    check_messages(taking, settings)  # its Asterisk is somewhere else: nothing can be seen
    assert settings.site is not None
    spool, asterisk = settings.recording.spool, settings.site.directory
    (asterisk / "spool").mkdir(parents=True)
    check_messages(silent, settings)
    with pytest.raises(StartError, match="on a disk: run `ivr provision`"):
        check_messages(taking, settings)
    (asterisk / "spool" / "recording").symlink_to(spool)
    check_messages(taking, settings)


def test_drills_have_a_password_of_their_own_once_the_settings_allow_them(
    tmp_path: Path, plan: Plan, installation: Installation
) -> None:
    settings = settings_of(commission(tmp_path / "plain", plan).parent)
    assert site_of(settings, HOTLINE, installation).drills is None
    settings = settings_of(commission(tmp_path / "drilling", replace(plan, drills=True)).parent)
    first, again = (site_of(settings, HOTLINE, installation).drills for _ in range(2))
    assert first is not None
    assert first == again
    assert settings.site is not None
    assert settings.site.drill_calls is not None
    assert mode(settings.site.drill_calls.secret) == 0o600
    settings.site.drill_calls.secret.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="drills' password"):
        site_of(settings, HOTLINE, installation)
