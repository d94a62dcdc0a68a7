"""`ivr prompts build` as typed in a shell."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.errors import SettingsError
from tests.unit.prompts.sounds import sine, write_wav

HOTLINE = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
start: main
fallback: {say: 您好。, agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
steps:
  main: {say: 您的号码是<caller as digits>。, then: {enqueue: general}}
"""
VOICE = """voices: {zh-CN: {command: [cp, TONE, "{wav}", "--suffix={text_file}"]}}"""


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_SETTINGS", raising=False)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "hotline.yaml").write_text(HOTLINE, "utf-8")


def build(*options: str) -> str:
    result = CliRunner().invoke(app, ["prompts", "build", "shop", *options], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()[-1]


def voices() -> set[str]:
    pages = json.loads(Path("prompts/zh-CN/manifest.json").read_text("utf-8"))
    return {entry["voice"] for entry in pages.values()}


def test_words_and_the_vocabulary_of_values_are_spoken_once() -> None:
    assert build() == "40 prompts built in prompts"  # two texts; 10 digits, 26 letters and two signs
    assert build() == "0 prompts built in prompts"
    assert voices() == {"espeak-ng cmn-latn-pinyin 185"}


def test_the_voices_of_the_settings_speak(tmp_path: Path) -> None:
    tone = tmp_path / "tone.wav"
    write_wav(tone, sine(440, 0.2, -6.0))
    (tmp_path / "other.yaml").write_text(VOICE.replace("TONE", str(tone)), "utf-8")
    assert build("-s", "other.yaml", "--prompts", "prompts") == "40 prompts built in prompts"
    assert voices() == {f"cp {tone} {{wav}} --suffix={{text_file}}"}
    assert build() == "0 prompts built in prompts", "no settings, no other voice"
    (tmp_path / "ivr.yaml").write_text("state: here", "utf-8")
    assert build() == "40 prompts built in prompts", "the settings here want espeak-ng"


def test_settings_that_are_named_must_be_there() -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml"):
        build("-s", "nowhere.yaml")
