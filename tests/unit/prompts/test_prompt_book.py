"""Which sounds are made, where they lie, and what a failure says."""

import errno
import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from ivr_engine.dialplan.hotline import Hotline, hotline_prompts
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.text import Text
from ivr_engine.errors import StartError
from ivr_engine.model.prompt import Prompt, Recording
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.nodes._node import Node
from ivr_engine.prompts import PromptBook
from tests.unit.prompts.sounds import sine, write_wav

ACME = Path(__file__).parents[3] / "dialplans" / "acme"


@pytest.fixture(scope="module")
def acme() -> Hotline[Node]:
    return load(ACME, NODE_TYPES)


class Speaker:
    """Speaks with a tone, and remembers what it was asked."""

    def __init__(self, name: str = "tone", fail_on: str = "") -> None:
        self.name = name
        self.asked: list[Prompt] = []
        self.fail_on = fail_on

    def __str__(self) -> str:
        return self.name

    def speak(self, words: str, language: str, wav: Path) -> None:
        self.asked.append(Prompt(language, words))
        write_wav(wav, sine(440, 0.1 + len(words) / 100, -10.0, 16_000), 16_000)
        if self.fail_on and self.fail_on in words:
            raise StartError("no voice: try later")


def book_of(folder: Path, speaker: Speaker | None = None) -> PromptBook:
    return PromptBook(folder, dict.fromkeys(("zh", "en"), speaker or Speaker()))


def test_what_was_built_is_not_missing_and_not_built_again(tmp_path: Path, acme: Hotline[Node]) -> None:
    speaker = Speaker()
    book = book_of(tmp_path, speaker)
    assert book.missing(acme) == hotline_prompts(acme)
    assert set(book.build(acme)) == set(speaker.asked) == set(hotline_prompts(acme))
    assert book.missing(acme) == ()
    assert book.build(acme) == ()
    assert len(speaker.asked) == len(hotline_prompts(acme))


def test_what_another_build_made_meanwhile_is_told_of_too(tmp_path: Path, acme: Hotline[Node]) -> None:
    other = load(ACME.parents[1] / "tests" / "faults" / "hotline", NODE_TYPES)
    book = book_of(tmp_path)

    def meanwhile(*_: object) -> None:
        book_of(tmp_path).build(other)

    book.build(acme, meanwhile)
    assert book.build(other) == ()
    assert book.build(acme) == ()


def test_a_sound_lies_where_asterisk_looks_for_it(tmp_path: Path, acme: Hotline[Node]) -> None:
    book = book_of(tmp_path)
    book.build(acme)
    prompt = hotline_prompts(acme)[0]
    assert book.path(prompt) == tmp_path / prompt.language / prompt.key
    assert book.path(prompt).with_suffix(".alaw").is_file()


def test_a_lost_sound_is_made_anew_alone(tmp_path: Path, acme: Hotline[Node]) -> None:
    book = book_of(tmp_path)
    book.build(acme)
    lost = hotline_prompts(acme)[3]
    book.path(lost).with_suffix(".alaw").unlink()
    assert book.missing(acme) == (lost,)
    assert book.build(acme) == (lost,)


def test_another_voice_makes_the_sounds_of_its_language_anew(tmp_path: Path, acme: Hotline[Node]) -> None:
    book_of(tmp_path).build(acme)
    book = PromptBook(tmp_path, {"zh-CN": Speaker(), "en": Speaker("another")})
    assert book.missing(acme) == (), "the old sounds serve until then"
    assert {prompt.language for prompt in book.build(acme)} == {"en"}
    assert book.build(acme) == ()


def test_who_does_not_know_the_voices_spoils_none(tmp_path: Path, acme: Hotline[Node]) -> None:
    book_of(tmp_path).build(acme)
    lost = next(one for one in hotline_prompts(acme) if one.language == "en")
    PromptBook(tmp_path).path(lost).with_suffix(".alaw").unlink()
    assert PromptBook(tmp_path).build(acme) == (lost,)
    assert {one.language for one in PromptBook(tmp_path, {"en": Speaker()}).build(acme)} == {"zh-CN", "en"}


def test_another_way_to_finish_makes_all_sounds_anew(
    tmp_path: Path, acme: Hotline[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = book_of(tmp_path)
    book.build(acme)
    monkeypatch.setattr("ivr_engine.prompts.book.FINISH", "louder")
    assert len(book.build(acme)) == len(hotline_prompts(acme))


def test_the_manifest_tells_text_and_voice_and_is_the_same_each_time(tmp_path: Path, acme: Hotline[Node]) -> None:
    for folder in ("one", "two"):
        book_of(tmp_path / folder).build(acme)
    first, second = ((tmp_path / folder / "zh-CN" / "manifest.json").read_bytes() for folder in ("one", "two"))
    assert first == second
    prompt = next(one for one in hotline_prompts(acme) if one.language == "zh-CN")
    assert json.loads(first)[prompt.key] == {
        "text": prompt.text,
        "voice": "tone",
        "sound": "A-law 8000 Hz, -23 LUFS below -3 dBFS",
    }


@pytest.mark.parametrize("spoilt", [b"[half", b"\xff\xfe", b'{"0": 3}', b"[[]]"])
def test_a_spoilt_manifest_costs_a_new_build_and_nothing_else(
    tmp_path: Path, acme: Hotline[Node], spoilt: bytes
) -> None:
    book = book_of(tmp_path)
    book.build(acme)
    (tmp_path / "en" / "manifest.json").write_bytes(spoilt)
    assert {prompt.language for prompt in book.build(acme)} == {"en"}


def test_progress_counts_to_the_number_of_sounds_to_make(tmp_path: Path, acme: Hotline[Node]) -> None:
    told: list[tuple[int, int]] = []
    book_of(tmp_path).build(acme, lambda done, of, _: told.append((done, of)))
    total = len(hotline_prompts(acme))
    assert told == [(done, total) for done in range(1, total + 1)]


def test_a_failure_leaves_no_half_sound_and_keeps_what_was_made(tmp_path: Path, acme: Hotline[Node]) -> None:
    failing = Speaker(fail_on="投诉专员")
    book = book_of(tmp_path, failing)
    with pytest.raises(StartError, match="no voice"):
        book.build(acme)
    assert not list(tmp_path.rglob(".*")), "drafts are gone"
    made = [prompt for prompt in hotline_prompts(acme) if book.has(prompt)]
    book_of(tmp_path, again := Speaker()).build(acme)
    assert all("投诉专员" not in prompt.text for prompt in made)
    assert book.missing(acme) == ()
    assert len(again.asked) >= 1


def test_a_folder_nobody_may_write_is_told_with_a_remedy(tmp_path: Path, acme: Hotline[Node]) -> None:
    (tmp_path / "prompts").write_text("a file, no folder")
    with pytest.raises(StartError, match=r"cannot write .*: check"):
        book_of(tmp_path / "prompts").build(acme)


def test_a_full_disk_leaves_no_half_manifest_and_is_told_with_a_remedy(
    tmp_path: Path, acme: Hotline[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Path.write_bytes

    def no_room(path: Path, content: bytes) -> int:
        if "manifest" in path.name:
            written(path, content[:9])
            raise OSError(errno.ENOSPC, "No space left on device")
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(StartError, match=r"manifest.json \(No space left on device\): make room"):
        book_of(tmp_path).build(acme)
    assert not list(tmp_path.rglob(".*"))


def test_the_length_of_a_sound_is_known_where_there_is_one(tmp_path: Path) -> None:
    book = PromptBook(tmp_path)
    there, missing = (Prompt("en", words) for words in ("There.", "Missing."))
    (tmp_path / "en").mkdir()
    book.path(there).with_suffix(".alaw").write_bytes(b"\xd5" * 12_000)
    assert [book.seconds(prompt) for prompt in (there, missing)] == [1.5, None]


def test_a_recorded_file_is_converted_and_no_voice_is_asked(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "studio.wav", sine(440, 1.0, -6.0, 44_100), 44_100, channels=2)
    prompt = Prompt("zh-CN", "您好。", Recording(str(wav), "digest"))
    book = book_of(tmp_path / "prompts", speaker := Speaker())
    assert build_all(book, prompt) == (prompt,)
    assert speaker.asked == []
    assert book.seconds(prompt) == pytest.approx(1.25, abs=0.1)
    manifest = json.loads((tmp_path / "prompts" / "zh-CN" / "manifest.json").read_text("utf-8"))
    assert manifest[prompt.key]["voice"] == "recorded: studio.wav"


def test_a_recorded_file_that_is_no_sound_is_told(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_text("words")
    prompt = Prompt("zh-CN", "您好。", Recording(str(tmp_path / "no.wav"), "digest"))
    with pytest.raises(StartError, match=r"cannot read the sound of .*no\.wav.*: is it a WAV file"):
        build_all(book_of(tmp_path / "prompts"), prompt)


def test_pieces_of_a_value_follow_one_another_without_pauses(tmp_path: Path) -> None:
    book = book_of(tmp_path)
    piece, whole = Prompt("en", "twelve"), Prompt("en", "twelfe")  # as long, and no number
    build_all(book, piece, whole)
    lengths = book.seconds(piece), book.seconds(whole)
    assert lengths[0]
    assert lengths[1]
    assert lengths[1] - lengths[0] == pytest.approx(0.21, abs=0.01)


def build_all(book: PromptBook, *prompts: Prompt) -> tuple[Prompt, ...]:
    """Build as if a hotline said these."""
    texts = tuple(Text({p.language: p.text}, {p.language: p.recording} if p.recording else {}) for p in prompts)
    return book.build(cast(Hotline[Node], Said(texts)))


@dataclass(frozen=True)
class Said:
    texts: tuple[Text, ...]
