"""What a voice is told, what a failure says, and how a finished sound is."""

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from ivr_engine.errors import StartError
from ivr_engine.prompts import Command, Espeak, WebVoice
from ivr_engine.prompts.level import loudness
from ivr_engine.prompts.sound import finish
from ivr_engine.prompts.voice import voice_of
from tests.unit.prompts.sounds import decoded, sine, write_wav

NASTY = "-v de; rm -rf $HOME `x` {wav} is said, not obeyed"


# --- finished sounds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "longest"), [("zh-CN", "您好，紧急情况请按1。", 8), ("en", "Hello.", 2), ("en", NASTY, 12)]
)
def test_spoken_words_fit_a_telephone_line(language: str, text: str, longest: float, tmp_path: Path) -> None:
    Espeak.of(language).speak(text, language, tmp_path / "x.wav")
    finish(tmp_path / "x.wav", tmp_path / "x.alaw", text)
    samples = decoded(tmp_path / "x.alaw")
    assert 0.3 < len(samples) / 8000 < longest
    assert loudness(samples) == pytest.approx(-23.0, abs=1.0)
    assert max(map(abs, samples)) < 32768 * 0.73, "-3 dBFS, as far as A-law can tell"
    loud = [at for at, sample in enumerate(samples) if abs(sample) > 400]
    assert loud[0] < 0.3 * 8000, "no long silence before"
    assert len(samples) - loud[-1] < 0.4 * 8000, "nor behind"


@pytest.mark.parametrize("dbfs", [-40.0, -1.0])
def test_silence_at_both_ends_goes_however_loud_the_rest_is(dbfs: float, tmp_path: Path) -> None:
    silence = [0] * 44_100
    wav = write_wav(tmp_path / "x.wav", [*silence, *sine(440, 1, dbfs, 44_100), *silence], 44_100, channels=2)
    finish(wav, tmp_path / "x.alaw", "x")
    samples = decoded(tmp_path / "x.alaw")
    assert len(samples) / 8000 == pytest.approx(1.25, abs=0.1)
    assert loudness(samples) == pytest.approx(-23.0, abs=1.0)


@pytest.mark.parametrize("seconds", [0.1, 0.38, 0.43, 0.5])
def test_a_piece_of_a_value_is_as_loud_as_a_sentence_pauses_included(seconds: float, tmp_path: Path) -> None:
    rising = [round(sample * at / 8000) for at, sample in enumerate(sine(700, seconds, -6.0))]
    finish(write_wav(tmp_path / "x.wav", rising), tmp_path / "x.alaw", "x", is_piece=True)
    assert loudness(decoded(tmp_path / "x.alaw")) == pytest.approx(-23.0, abs=0.3)


def test_silence_alone_is_no_sound(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "x.wav", [0] * 16_000)
    with pytest.raises(StartError, match="no sound came out of x: write it in other words"):
        finish(wav, tmp_path / "x.alaw", "x")
    assert not (tmp_path / "x.alaw").exists()


# --- voices --------------------------------------------------------------------------------------------------


def test_a_language_has_its_own_voice_or_its_familys_or_espeak() -> None:
    mine, family = Command(("mine",)), Command(("family",))
    voices = {"zh-CN": mine, "zh": family}
    assert voice_of("zh-CN", voices) is mine
    assert voice_of("zh-TW", voices) is family
    assert voice_of("en-GB", voices) == Espeak("en")


def test_a_missing_program_is_named_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wav = write_wav(tmp_path / "x.wav", sine(440, 1, -6.0))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match=r"espeak-ng is not installed.*: apt install espeak-ng"):
        Espeak.of("en").speak("Hello.", "en", wav)
    with pytest.raises(StartError, match=r"sox is not installed.*: apt install sox"):
        finish(wav, tmp_path / "x.alaw", "x")


def test_a_language_nobody_speaks_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="cannot speak xx"):
        Espeak.of("xx").speak("Hello.", "xx", tmp_path / "x.wav")


def script(folder: Path, body: str) -> str:
    path = folder / "voice.sh"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_command_gets_words_in_a_file_and_says_where_the_sound_is(tmp_path: Path) -> None:
    program = script(tmp_path, 'cat "$1" > "$2"; printf "%s" "$3" >> "$2"')
    Command((program, "{text_file}", "{wav}", "<{language}>")).speak(NASTY, "zh-CN", tmp_path / "x.wav")
    assert (tmp_path / "x.wav").read_text("utf-8") == NASTY + "<zh-CN>"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("echo no such model >&2; exit 3", r"cannot speak en 'Hello\.' \(no such model\): run it by hand"),
        ("exit 4", r"\(exit status 4\)"),
        ("true", r"left no sound in the file it was given as \{wav\}"),
        ("exec sleep 5", r"took more than 0\.2 s to speak en 'Hello\.'"),
    ],
)
def test_a_command_that_fails_is_told_with_its_own_words(body: str, told: str, tmp_path: Path) -> None:
    command = Command((script(tmp_path, body), "{text_file}", "{wav}"), patience=0.2)
    with pytest.raises(StartError, match=told):
        command.speak("Hello.", "en", tmp_path / "x.wav")


def test_a_command_that_is_not_there_or_no_program_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"nobody is not installed.*check `voices`"):
        Command(("nobody",)).speak("Hello.", "en", tmp_path / "x.wav")
    (tmp_path / "text").write_text("no program")
    with pytest.raises(StartError, match=r"cannot be run.*check `voices`"):
        Command((str(tmp_path / "text"),)).speak("Hello.", "en", tmp_path / "x.wav")


class Service(BaseHTTPRequestHandler):
    """A voice on the web that answers by its path."""

    asked: ClassVar[list[tuple[str, str | None, object]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers["Authorization"], body))
        if self.path.startswith("/moved"):
            self.send_response(307)
            self.send_header("Location", "/good")
            self.end_headers()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        try:
            self._answer()
        except OSError:  # the client has had enough, as it should
            return

    def _answer(self) -> None:
        if self.path == "/text":
            self.wfile.write(b"{}")
        for _ in range(100 if self.path == "/slow" else 1):
            self.wfile.write(b"RIFF")
            self.wfile.flush()
            if self.path == "/slow":
                stopped.wait(0.05)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


stopped = threading.Event()


@pytest.fixture
def service() -> Iterator[str]:
    stopped.clear()
    Service.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        stopped.set()
        server.shutdown()
        thread.join()


def test_a_web_voice_is_sent_text_and_language_with_its_token(service: str, tmp_path: Path) -> None:
    WebVoice(f"{service}/good?speaker=3", "secret").speak("您好。", "zh-CN", tmp_path / "x.wav")
    assert (tmp_path / "x.wav").read_bytes() == b"RIFF"
    assert Service.asked == [("/good?speaker=3", "Bearer secret", {"text": "您好。", "language": "zh-CN"})]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/broken", "it answers 500"),
        ("/moved", "it answers 307"),
        ("/text", "its answer is no WAV file"),
        ("/slow", "it takes too long"),
    ],
)
def test_a_web_voice_that_fails_is_told_without_its_token(service: str, path: str, told: str, tmp_path: Path) -> None:
    voice = WebVoice(f"{service}{path}", "secret", patience=0.3)
    with pytest.raises(
        StartError, match=rf"the voice at {service}{path} gives no sound for en 'Hello\.' \({told}"
    ) as got:
        voice.speak("Hello.", "en", tmp_path / "x.wav")
    assert "secret" not in f"{got.value} {voice!r} {voice}"
    assert not (tmp_path / "x.wav").exists()


def test_a_web_voice_nobody_answers_for_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="gives no sound"):
        WebVoice("http://127.0.0.1:1/x").speak("Hello.", "en", tmp_path / "x.wav")


def test_a_manifest_tells_voices_apart_and_keeps_their_secrets() -> None:
    one, two = WebVoice("https://example.org/v?key=a"), WebVoice("https://example.org/v?key=b")
    assert str(one) != str(two)
    assert "key" not in str(one)
    assert str(Command(("piper", "--model", "a"))) != str(Command(("piper", "--model", "b")))
