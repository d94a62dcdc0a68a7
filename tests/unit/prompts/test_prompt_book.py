"""Which sounds are made, where they lie, and what a failure says."""

import json
import wave
from pathlib import Path

import pytest

from ivr_engine.dialplan.hotline import Hotline, hotline_prompts
from ivr_engine.dialplan.load import load
from ivr_engine.errors import StartError
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.nodes._node import Node
from ivr_engine.prompts import PromptBook, Voice, speak

ACME = Path(__file__).parents[3] / "dialplans" / "acme"


@pytest.fixture(scope="module")
def acme() -> Hotline[Node]:
    return load(ACME, NODE_TYPES)


class Speaker:
    """Writes a prompt's words where its sound should be, and remembers what it was asked."""

    def __init__(self, fail_on: str = "") -> None:
        self.asked: list[Prompt] = []
        self.targets: list[Path] = []
        self.fail_on = fail_on

    def __call__(self, prompt: Prompt, voice: Voice, target: Path) -> None:
        self.asked.append(prompt)
        self.targets.append(target)
        target.write_text(f"{voice}: {prompt.text}", "utf-8")
        if self.fail_on and self.fail_on in prompt.text:
            raise StartError("no voice: try later")


def test_what_was_built_is_not_missing_and_not_built_again(tmp_path: Path, acme: Hotline[Node]) -> None:
    speaker = Speaker()
    book = PromptBook(tmp_path, speaker)
    assert book.missing(acme) == hotline_prompts(acme)
    assert set(book.build(acme)) == set(speaker.asked) == set(hotline_prompts(acme))
    assert book.missing(acme) == ()
    assert book.build(acme) == ()
    assert len(speaker.asked) == len(hotline_prompts(acme))


def test_a_sound_lies_where_asterisk_looks_for_it(tmp_path: Path, acme: Hotline[Node]) -> None:
    book = PromptBook(tmp_path, Speaker())
    book.build(acme)
    prompt = hotline_prompts(acme)[0]
    assert book.path(prompt) == tmp_path / prompt.language / prompt.key
    assert book.path(prompt).with_suffix(".wav").read_text("utf-8").endswith(prompt.text)


def test_a_lost_sound_is_made_anew_alone(tmp_path: Path, acme: Hotline[Node]) -> None:
    book = PromptBook(tmp_path, Speaker())
    book.build(acme)
    lost = hotline_prompts(acme)[3]
    book.path(lost).with_suffix(".wav").unlink()
    assert book.missing(acme) == (lost,)
    assert book.build(acme) == (lost,)


def test_another_voice_makes_the_sound_anew(tmp_path: Path, acme: Hotline[Node]) -> None:
    book = PromptBook(tmp_path, Speaker())
    book.build(acme)
    manifest = tmp_path / "en" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace("espeak-ng en 185", "espeak-ng en 120", 1), "utf-8")
    assert len(book.build(acme)) == 1


def test_the_manifest_tells_text_and_voice_and_is_the_same_each_time(tmp_path: Path, acme: Hotline[Node]) -> None:
    for folder in ("one", "two"):
        PromptBook(tmp_path / folder, Speaker()).build(acme)
    first, second = ((tmp_path / folder / "zh-CN" / "manifest.json").read_bytes() for folder in ("one", "two"))
    assert first == second
    prompt = next(one for one in hotline_prompts(acme) if one.language == "zh-CN")
    assert json.loads(first)[prompt.key] == {"text": prompt.text, "voice": "espeak-ng cmn-latn-pinyin 185"}


def test_a_spoilt_manifest_costs_a_new_build_and_nothing_else(tmp_path: Path, acme: Hotline[Node]) -> None:
    book = PromptBook(tmp_path, Speaker())
    book.build(acme)
    (tmp_path / "en" / "manifest.json").write_text("[half", "utf-8")
    assert {prompt.language for prompt in book.build(acme)} == {"en"}


def test_progress_counts_to_the_number_of_sounds_to_make(tmp_path: Path, acme: Hotline[Node]) -> None:
    told: list[tuple[int, int]] = []
    PromptBook(tmp_path, Speaker()).build(acme, lambda done, of, _: told.append((done, of)))
    total = len(hotline_prompts(acme))
    assert told == [(done, total) for done in range(1, total + 1)]


def test_a_failure_leaves_no_half_sound_and_keeps_what_was_made(tmp_path: Path, acme: Hotline[Node]) -> None:
    failing = Speaker(fail_on="投诉专员")
    book = PromptBook(tmp_path, failing)
    with pytest.raises(StartError, match="no voice"):
        book.build(acme)
    assert not [target for target in failing.targets if target.exists()], "drafts are gone"
    made = [prompt for prompt in hotline_prompts(acme) if book.has(prompt)]
    PromptBook(tmp_path, again := Speaker()).build(acme)
    assert all("投诉专员" not in prompt.text for prompt in made)
    assert book.missing(acme) == ()
    assert len(again.asked) >= 1


def test_a_folder_nobody_may_write_is_told_with_a_remedy(tmp_path: Path, acme: Hotline[Node]) -> None:
    (tmp_path / "prompts").write_text("a file, no folder")
    with pytest.raises(StartError, match=r"cannot write .*: check"):
        PromptBook(tmp_path / "prompts", Speaker()).build(acme)


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-CN", "您好，紧急情况请按1。"), ("en", "Hello."), ("en", "-v de; rm -rf $HOME `x` is said, not obeyed")],
)
def test_spoken_words_fit_a_telephone_line(language: str, text: str, tmp_path: Path) -> None:
    speak(Prompt(language, text), Voice.of(language), tmp_path / "x.wav")
    with wave.open(str(tmp_path / "x.wav")) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
        frames = sound.readframes(sound.getnframes())
    samples = memoryview(frames).cast("h")
    assert 0.3 < len(samples) / 8000 < 8
    assert 0.6 < max(samples) / 32768 < 0.95, "equally loud, and not clipped"
    loud = [at for at, sample in enumerate(samples) if abs(sample) > 400]
    assert loud[0] < 0.3 * 8000, "no long silence before"
    assert len(samples) - loud[-1] < 0.4 * 8000, "nor behind"


@pytest.mark.parametrize("program", ["espeak-ng", "sox"])
def test_a_missing_program_is_named_with_a_remedy(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if program == "sox":
        fake = tmp_path / "espeak-ng"
        fake.write_text("#!/bin/sh\necho sound\n")
        fake.chmod(0o755)
    with pytest.raises(StartError, match=f"{program} is not installed.*: apt install {program}"):
        speak(Prompt("en", "Hello."), Voice.of("en"), tmp_path / "x.wav")


def test_a_language_nobody_speaks_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot speak xx"):
        speak(Prompt("xx", "Hello."), Voice.of("xx"), tmp_path / "x.wav")
    assert not list(tmp_path.iterdir())


def test_the_length_of_a_sound_is_known_where_there_is_one(tmp_path: Path) -> None:
    book = PromptBook(tmp_path)
    there, spoilt, missing = (Prompt("en", words) for words in ("There.", "Spoilt.", "Missing."))
    (tmp_path / "en").mkdir()
    with wave.open(str(book.path(there).with_suffix(".wav")), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 12_000)
    book.path(spoilt).with_suffix(".wav").write_bytes(b"RIFF")
    assert [book.seconds(prompt) for prompt in (there, spoilt, missing)] == [1.5, None, None]
