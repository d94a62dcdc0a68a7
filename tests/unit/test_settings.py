"""What the settings file may hold, where secrets come from, and what a mistake says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr_engine.errors import SettingsError
from ivr_engine.prompts import Command, WebVoice
from ivr_engine.recording import keys
from ivr_engine.settings import Settings, load_settings, load_voices

GOOD = """dialplan: dialplans/acme
prompts: prompts
asterisk: {url: "http://127.0.0.1:8088", user: ivr, password file: secrets/ari}
recording: {spool: /dev/shm/spool, vault: vault, recipients: [RECIPIENT]}
web: {port: 8090, token file: secrets/web}
"""
Load = Callable[..., Settings]


@pytest.fixture(scope="module")
def recipient(tmp_path_factory: pytest.TempPathFactory) -> str:
    return keys.init(tmp_path_factory.mktemp("keys"))[1]


@pytest.fixture
def load(tmp_path: Path, recipient: str) -> Load:
    (tmp_path / "secrets").mkdir()
    for name in ("ari", "web", "mqtt"):
        (tmp_path / "secrets" / name).write_text(f"{name}-secret\n")

    def write_and_load(text: str = GOOD, **environ: str) -> Settings:
        path = tmp_path / "ivr.yaml"
        path.write_text(text.replace("RECIPIENT", recipient), "utf-8")
        return load_settings(path, environ)

    return write_and_load


def _refused(load: Load, text: str, **environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load(text, **environ)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_paths_are_relative_to_the_file(load: Load, tmp_path: Path) -> None:
    settings = load(GOOD + "journal: logs/journal\n")
    assert settings.dialplan == tmp_path / "dialplans" / "acme"
    assert settings.recording.spool == Path("/dev/shm/spool")
    assert settings.recording.vault == tmp_path / "vault"
    assert settings.journal == tmp_path / "logs" / "journal"


def test_secrets_come_from_their_files_and_show_in_no_text(load: Load) -> None:
    settings = load(GOOD + "mqtt: {user: ivr, password file: secrets/mqtt}\n")
    assert settings.mqtt is not None
    assert (settings.asterisk.password, settings.web.token, settings.mqtt.password) == (
        "ari-secret",
        "web-secret",
        "mqtt-secret",
    )
    assert "secret'" not in repr(settings)
    assert "ari-secret" not in repr(settings)


def test_the_environment_wins_over_files_and_replaces_them(load: Load) -> None:
    environ = {"IVR_ARI_PASSWORD": "a", "IVR_WEB_TOKEN": "w", "IVR_MQTT_PASSWORD": "m"}
    for text in (GOOD, GOOD.replace(", password file: secrets/ari", "").replace(", token file: secrets/web", "")):
        settings = load(text + "mqtt: {}\n", **environ)
        assert settings.mqtt is not None
        assert (settings.asterisk.password, settings.web.token, settings.mqtt.password) == ("a", "w", "m")


def test_what_is_left_out_has_a_sensible_default(load: Load, tmp_path: Path) -> None:
    settings = load()
    assert settings.asterisk.app == "hotline.a"
    assert settings.web.host == "127.0.0.1"
    assert settings.store.url == f"sqlite:///{tmp_path}/calls.db"
    assert (settings.mqtt, settings.journal, settings.log.format, settings.log.level) == (None, None, "auto", "info")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///records/calls.db", "sqlite:///{folder}/records/calls.db"),
        ("sqlite:////var/calls.db", "sqlite:////var/calls.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg:///calls", "postgresql+psycopg:///calls"),
    ],
)
def test_only_an_sqlite_file_is_relative_to_the_settings(load: Load, tmp_path: Path, written: str, meant: str) -> None:
    assert load(GOOD + f'store: {{url: "{written}"}}\n').store.url == meant.format(folder=tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("port: 8090", "prot: 8090", ":5:7: E201", "did you mean `port`?"),
        ("port: 8090", "port: 80900", ":5:13: E204", "between 1 and 65535"),
        ("user: ivr", "user: ~", ":3:48: E203", "must be a text, not nothing"),
        ("secrets/ari", "secrets/nope", ":3:68: E401", "secrets/nope cannot be read"),
        ("http://127", "htp://127", ":3:17: E204", "must be a web address"),
        ("[RECIPIENT]", "[]", ":4:62: E202", "run `ivr keys init`"),
        (", recipients: [RECIPIENT]", "", ":4:12: E202", "run `ivr keys init`"),
        ("recording:", "# recording:", ":1:1: E202", "`ivr keys init`"),
        ("[RECIPIENT]", "[age1nonsense]", ":4:62: E402", "ivr keys init"),
        ("web: {", "web: {{", ":5:7: E112", "a key must be a plain word"),
    ],
)
def test_a_mistake_is_told_with_place_cause_and_remedy(load: Load, old: str, new: str, place: str, says: str) -> None:
    message = _refused(load, GOOD.replace(old, new))
    assert f"ivr.yaml{place}" in message
    assert says in message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ivr\.yaml: E113 cannot be read: no such file"):
        load_settings(tmp_path / "ivr.yaml", {})


def test_a_missing_secret_names_both_ways_to_give_it(load: Load) -> None:
    message = _refused(load, GOOD.replace(", password file: secrets/ari", ""))
    assert "name the file that holds it, or set IVR_ARI_PASSWORD" in message


def test_an_empty_secret_is_none(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secrets" / "web").write_text(" \n")
    assert "secrets/web is empty" in _refused(load, GOOD)
    assert "$IVR_WEB_TOKEN is empty" in _refused(load, GOOD, IVR_WEB_TOKEN="")


def test_a_private_key_or_database_password_in_the_wrong_place_is_never_repeated(load: Load) -> None:
    private = "AGE-SECRET-KEY-1" + "Q" * 58
    assert "QQQ" not in _refused(load, GOOD.replace("RECIPIENT", private))
    assert "hunter2" not in _refused(load, GOOD + "store: {url: 'postgresql:/me:hunter2@db'}\n")
    assert "hunter2" not in _refused(load, GOOD.replace("http://127.0.0.1", "http://me:hunter2@127.0.0.1"))


def test_the_same_setting_twice_is_refused(load: Load) -> None:
    assert "E103" in _refused(load, GOOD + "prompts: elsewhere\n")


VOICES = """
voices:
  zh-CN: {command: [piper, --model, zh.onnx, -i, "{text_file}", -o, "{wav}"], timeout: 2m}
  en: {http: "https://voice.example/speak", token file: secrets/web}
"""


def test_voices_are_programs_or_services_by_language(load: Load) -> None:
    voices = load(GOOD + VOICES).voices
    arguments = ("piper", "--model", "zh.onnx", "-i", "{text_file}", "-o", "{wav}")
    assert voices == {
        "zh-CN": Command(arguments, 120.0),
        "en": WebVoice("https://voice.example/speak", "web-secret", 60.0),
    }
    assert "web-secret" not in repr(voices)
    assert load(GOOD).voices == {}
    named = load(GOOD + VOICES.replace(", token file: secrets/web", ""), IVR_VOICE_EN_TOKEN="e").voices["en"]
    assert named == WebVoice("https://voice.example/speak", "e", 60.0)


def test_voices_can_be_had_where_the_rest_of_the_settings_cannot(tmp_path: Path) -> None:
    path = tmp_path / "ivr.yaml"
    path.write_text("dialplan: [what]" + VOICES.replace(", token file: secrets/web", ""), "utf-8")
    assert list(load_voices(path, {})) == ["zh-CN", "en"]
    path.write_text("dialplan: x", "utf-8")
    assert load_voices(path, {}) == {}
    path.write_text("voices: {en: {http: x}}", "utf-8")
    with pytest.raises(SettingsError, match=r"ivr\.yaml:1:21: E204 `voices › en › http` must be a web address"):
        load_voices(path, {})


@pytest.mark.parametrize(
    ("voice", "says"),
    [
        ("{}", "E202 `voices › en` names no voice; add `command: "),
        ("{timeout: 3s}", "E202 `voices › en` names no voice"),
        ("{command: say it}", "E203 `voices › en › command` must be a list: a program and its arguments, not `say it`"),
        ("{command: []}", "E203 `voices › en › command` must be a list"),
        ('{command: [a, "{wav}"]}', "E204 `voices › en › command` does not say where `{text_file}` stands"),
        ("{command: [a, a]}", "does not say where `{text_file}` and `{wav}` stands"),
        (
            '{command: [a, "{wav}", "{text_file}"], http: "http://x"}',
            "E204 `voices › en` has both a command and an address; keep one of the two",
        ),
        ('{http: "http://x", token file: nowhere}', "E401 the secret"),
        ('{http: "ftp://x"}', "E204 `voices › en › http` must be a web address"),
        ("espeak", "E203 `voices › en` must be a group of settings"),
    ],
)
def test_what_is_no_voice_is_told(load: Load, voice: str, says: str) -> None:
    assert says in _refused(load, f"{GOOD}\nvoices: {{en: {voice}}}\n")


def test_other_systems_have_an_address_and_perhaps_a_token_of_their_own(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secrets" / "crm").write_text("crm-secret\n")
    systems = """systems:
  crm: {url: "https://crm.example/v2", token file: secrets/crm, at once: 5}
  erp-2: {url: "http://10.0.0.7:8080"}
"""
    settings = load(GOOD + systems, IVR_ERP_2_TOKEN="erp-secret")
    assert (settings.systems["crm"].token, settings.systems["crm"].at_once) == ("crm-secret", 5)
    assert (settings.systems["erp-2"].token, settings.systems["erp-2"].at_once) == ("erp-secret", 20)
    assert "crm-secret" not in repr(settings)
    assert load(GOOD + systems, IVR_CRM_TOKEN="other").systems["crm"].token == "other"
    (tmp_path / "secrets" / "crm").unlink()
    assert "create it, or set IVR_CRM_TOKEN" in _refused(load, GOOD + systems)
    assert "without a user in it" in _refused(load, GOOD + "systems: {crm: {url: 'https://me:pw@crm'}}\n")
