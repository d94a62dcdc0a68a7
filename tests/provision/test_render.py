"""What Asterisk is told: complete, private, and closed to values that would say something else."""

import re
import stat
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr_engine.asterisk.telephony import OLDEST_ASTERISK
from ivr_engine.crisis_codes import CODES
from ivr_engine.errors import SettingsError
from ivr_engine.model.agents import PHONE_CODES, PIN_DIGITS
from ivr_engine.provision import (
    TEMPLATES,
    Agent,
    Drills,
    HotlineSite,
    Installation,
    RemoteSite,
    Site,
    Trunk,
    hash_password,
    new_password,
    noted,
    prepare,
    render,
)
from ivr_engine.provision.music import HIGHEST_HZ


@pytest.fixture
def hotline(tmp_path: Path) -> HotlineSite:
    return HotlineSite(
        name="hotline",
        directory=tmp_path / "site",
        installation=Installation(Path("/usr/lib/asterisk/modules"), Path("/usr/share/asterisk")),
        sip_port=15060,
        http_port=18088,
        rtp_ports=range(16000, 16100),
        ari_user="engine",
        ari_password_hash="$6$rounds=1000$salt$hash/.",
        recording_dir=tmp_path / "recordings",
        numbers=("4000000400", "+864000000401"),
        trunks=(Trunk("carrier", "192.0.2.1", 5060, accept_from=("192.0.2.0/28", "198.51.100.7")),),
        agents=(Agent("1001", "first-word"), Agent("1002", "second-word")),
        fallback_agents=("1002",),
        fallback_prompts=(Path("/srv/prompts/热线/hello"),),
        fallback_waiting_prompt=Path("/srv/prompts/wait"),
    )


@pytest.fixture
def remote(tmp_path: Path) -> RemoteSite:
    return RemoteSite(
        name="remote",
        directory=tmp_path / "remote",
        installation=Installation(Path("/usr/lib/asterisk/modules"), Path("/usr/share/asterisk")),
        sip_port=15070,
        rtp_ports=range(17000, 17100),
        numbers=("4001", "4002"),
        hotline=Trunk("hotline", "127.0.0.1", 15060),
        remote_seats=7,
        tone_hz=740,
    )


def written(site: Site, name: str) -> str:
    render(site, site.directory)
    return (site.directory / name).read_text()


def test_only_the_hotlines_numbers_are_extensions(hotline: HotlineSite) -> None:
    dialplan = written(hotline, "extensions.conf")
    trunk = dialplan.split("[from-trunk]")[1].split("\n[")[0]
    assert re.findall(r"^exten => ([^,]+),", trunk, re.MULTILINE) == list(hotline.numbers)
    assert "StasisBroadcast(800,^hotline[.],inbound:4000000400)" in trunk


@pytest.mark.parametrize(("pins", "pattern"), [(False, "_*5[1-4]"), (True, "_*5[1-4]XXXXXX")])
def test_an_agent_may_dial_codes_to_the_engine_and_nobody_at_all(
    hotline: HotlineSite, pins: bool, pattern: str
) -> None:
    agents = written(replace(hotline, agent_pins=pins), "extensions.conf").split("[from-agent]")[1]
    with_more = pattern.replace("[1-4]", "5") + "."  # what is said of a call comes behind it
    assert re.findall(r"^exten => ([^,]+),", agents, re.MULTILINE) == [pattern, with_more, "_*."]
    steps = re.findall(r"^ same => n,(\w+)", agents, re.MULTILINE)
    assert steps == [*["Set", "StasisBroadcast", "Hangup"] * 2, "Set", "Hangup"]  # what is no code leads nowhere
    assert "Set(CDR_PROP(disable)=1)" in agents  # a PIN stands in no record of calls
    assert len(pattern) - len("_*5[1-4]") == (PIN_DIGITS if pins else 0)
    assert {code for code in PHONE_CODES if re.fullmatch(r"\*5[1-5]", code)} == set(PHONE_CODES)


def test_crises_are_switched_by_codes_only_where_people_have_pins(hotline: HotlineSite) -> None:
    without = written(hotline, "extensions.conf").split("[from-agent]")[1]
    assert "*8" not in without
    agents = written(replace(hotline, crisis_codes=True), "extensions.conf").split("[from-agent]")[1]
    (pattern,) = [one for one in re.findall(r"^exten => ([^,]+),", agents, re.MULTILINE) if one.startswith("_*8")]
    assert (pattern, pattern.count("X")) == ("_*8[1-3]XXXXXX!", PIN_DIGITS)
    assert (
        agents.split(pattern)[1].split("_*.")[0].count("Set(CDR_PROP(disable)=1)") == 1
    )  # a PIN stands in no record of calls
    assert set(CODES) == {f"*8{digit}" for digit in "123"}


def test_no_value_the_caller_sent_reaches_the_dialplan(hotline: HotlineSite) -> None:
    dialplan = written(hotline, "extensions.conf")
    lines = [line for line in dialplan.splitlines() if line[:1] != ";"]
    filtered = [line for line in lines if "CALLERID" in line]
    assert {line.partition("n,")[2] for line in filtered} == {
        "Set(CALLERID(num)=${FILTER(0-9+,${CALLERID(num)})})",  # read once, to be stripped of all but a number
        "Set(CALLERID(name)=)",
    }
    used = set(re.findall(r"\$\{(\w+)", "\n".join(line for line in lines if line not in filtered)))
    assert used == {"UNIQUEID", "STASISSTATUS", "IVR_APP"}  # the last is set by the engine, on lines it opens itself


def test_what_asterisk_was_told_is_noted_beside_its_files(hotline: HotlineSite, remote: RemoteSite) -> None:
    assert noted(hotline.directory) is None
    prepare(hotline)
    known = noted(hotline.directory)
    assert known is not None
    assert (known.numbers, known.fallback) == (hotline.numbers, ("1002", "热线/hello"))
    (hotline.directory / "noted.json").write_text('{"numbers": 1}', "utf-8")
    assert noted(hotline.directory) is None
    prepare(remote)
    assert noted(remote.directory) is None


def test_trunk_is_known_by_its_addresses_and_agents_by_their_names(hotline: HotlineSite) -> None:
    text = written(hotline, "pjsip.conf")
    assert re.findall(r"^match = (.*)", text, re.MULTILINE) == ["192.0.2.0/28", "198.51.100.7"]
    assert "anonymous]" not in text
    assert text.count("password = first-word") == 1


def test_only_fallback_agents_are_members(hotline: HotlineSite) -> None:
    assert re.findall(r"^member => (\S+?),", written(hotline, "queues.conf"), re.MULTILINE) == ["PJSIP/1002"]


def test_remote_counts_its_seats(remote: RemoteSite) -> None:
    dialplan = written(remote, "extensions.conf")
    assert dialplan.count("GROUP_COUNT(seats)} > 7]") == len(remote.numbers)
    assert not (remote.directory / "ari.conf").exists()


def test_files_and_folders_are_for_their_owner_alone(hotline: HotlineSite) -> None:
    conf = prepare(hotline)
    for folder in (hotline.directory, conf.parent, hotline.recording_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in conf.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_rendering_again_changes_nothing_but_removes_what_is_gone(hotline: HotlineSite) -> None:
    first = written(hotline, "pjsip.conf")
    (hotline.directory / "old.conf").touch()
    assert written(hotline, "pjsip.conf") == first
    assert not (hotline.directory / "old.conf").exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"agents": (Agent("1001", "pass\nword"),)}, "agents[0].password"),
        ({"agents": (Agent("1001", "pass;word"),)}, "agents[0].password"),
        ({"agents": (Agent("1001", "pass\u2028word"),)}, "agents[0].password"),
        ({"agents": (Agent("1001", ""),)}, "agents[0].password"),
        ({"agents": (Agent("a](!)", "word"),)}, "agents[0].name"),
        ({"agents": (Agent("carrier", "word"),), "fallback_agents": ()}, "agents/trunks"),
        ({"fallback_agents": ("1003",)}, "fallback_agents"),
        ({"numbers": ("_X.",)}, "numbers[0]"),
        ({"numbers": ()}, "numbers"),
        ({"trunks": (Trunk("carrier", "sip.example", 5060),)}, "trunks[0].host"),
        ({"trunks": (Trunk("carrier", "192.0.2.1", 5060, accept_from=("all",)),)}, "trunks[0].accept_from[0]"),
        ({"bind": "0.0.0.0\n"}, "bind"),
        ({"engine_prefix": "hotline,x"}, "engine_prefix"),
        ({"bind": "0.0.0.0"}, "advertise"),
        ({"bind": "::1"}, "bind"),
        ({"recording_dir": Path("/srv/${CALLERID(num)}")}, "recording_dir"),
        ({"recording_dir": Path("recordings")}, "recording_dir"),
        ({"fallback_prompts": (Path("/a,b"),)}, "fallback_prompts[0]"),
        ({"sip_port": 70000}, "sip_port"),
        ({"rtp_ports": range(16000, 16002)}, "rtp_ports"),
        ({"claim_ms": 0}, "claim_ms"),
    ],
)
def test_a_value_that_asterisk_would_misread_is_refused(
    hotline: HotlineSite, change: dict[str, object], where: str
) -> None:
    site = replace(hotline, **change)  # type: ignore[arg-type]  # each change names a field of its own
    with pytest.raises(SettingsError, match=re.escape(f"{where}: ")):
        render(site, site.directory)
    assert not site.directory.exists()


def test_broken_template_leaves_nothing_half_written(hotline: HotlineSite, tmp_path: Path) -> None:
    for kind in ("common", "hotline"):
        (tmp_path / "templates" / kind).mkdir(parents=True)
    (tmp_path / "templates" / "common" / "a.conf.j2").write_text("fine")
    (tmp_path / "templates" / "hotline" / "b.conf.j2").write_text("{{ site.nothing }}")
    with pytest.raises(SettingsError, match="nothing"):
        render(hotline, hotline.directory, templates=tmp_path / "templates")
    assert not hotline.directory.exists()


def test_music_is_playable_and_below_every_test_tone(hotline: HotlineSite) -> None:
    prepare(hotline)
    with wave.open(str(hotline.directory / "music" / "soft.wav")) as music:
        assert (music.getframerate(), music.getnchannels(), music.getsampwidth()) == (8000, 1, 2)
        assert music.getnframes() == 16 * 8000
    assert HIGHEST_HZ < 400


def test_password_is_kept_only_as_its_hash() -> None:
    password = new_password()
    hashed = hash_password(password)
    assert re.fullmatch(r"\$6\$rounds=1000\$\w{8}\$[\w./]{86}", hashed)
    assert password not in hashed


def test_setup_and_stand_agree_on_the_oldest_asterisk() -> None:
    setup = (TEMPLATES.parent / "setup.sh").read_text()
    floor = re.search(r"^readonly ASTERISK_FLOOR=(\S+)", setup, re.MULTILINE)
    assert floor
    assert tuple(map(int, floor[1].split("."))) == OLDEST_ASTERISK


def test_what_asterisk_records_itself_is_born_in_memory_too(hotline: HotlineSite) -> None:
    link = hotline.directory / "spool" / "recording"
    link.mkdir(parents=True)  # as Asterisk made it in an earlier version
    for _ in range(2):
        prepare(hotline)
        assert link.resolve() == hotline.recording_dir.resolve()
    link.unlink()
    link.mkdir()
    (link / "somebody.wav").touch()
    with pytest.raises(SettingsError, match="move it away"):
        prepare(hotline)


def drilling(hotline: HotlineSite) -> HotlineSite:
    return replace(hotline, drills=Drills("drill-word", ("127.0.0.1", "192.0.2.64/28")))


def test_no_call_can_be_a_drill_unless_the_settings_say_so(hotline: HotlineSite) -> None:
    for name in ("extensions.conf", "pjsip.conf"):
        assert "[drill" not in written(hotline, name)
        assert "from-drill" not in written(hotline, name)


def test_a_drill_comes_by_its_own_password_and_address_and_never_reaches_people_without_an_engine(
    hotline: HotlineSite,
) -> None:
    pjsip = written(drilling(hotline), "pjsip.conf")
    endpoint = pjsip.split("[drill](endpoint)")[1].split("\n[")[0]
    assert re.findall(r"^(?:deny|permit) = (.*)", endpoint, re.MULTILINE) == [
        *("0.0.0.0/0.0.0.0", "127.0.0.1", "192.0.2.64/28")
    ]
    assert "auth = drill" in endpoint
    assert "context = from-drill" in endpoint
    assert "password = drill-word" in pjsip
    assert re.findall(r"^context = (.*)", pjsip, re.MULTILINE).count("from-drill") == 1
    dialplan = written(drilling(hotline), "extensions.conf")
    drills = dialplan.split("[from-drill]")[1].split("\n[")[0]
    assert re.findall(r"^exten => ([^,]+),", drills, re.MULTILINE) == list(hotline.numbers)
    assert "fallback" not in re.sub(r"^;.*", "", drills, flags=re.MULTILINE)
    assert drills.count("MixMonitor") == drills.count("Hangup(38)") == len(hotline.numbers)


@pytest.mark.parametrize(
    "broken",
    [
        {"drills": Drills("has;semicolon")},
        {"drills": Drills("word", ("office",))},
        {"drills": Drills("word"), "agents": (Agent("drill", "word"),), "fallback_agents": ("drill",)},
    ],
)
def test_drills_nobody_could_make_are_refused(hotline: HotlineSite, broken: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        render(replace(hotline, **broken), hotline.directory)
