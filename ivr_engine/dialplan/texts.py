"""This file decides which words were probably not meant as they stand. It does not know who speaks or hears them."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Mark
from ivr_engine.model.prompt import Prompt
from ivr_engine.spoken.seconds import estimated_seconds

HasSound: TypeAlias = Callable[[Prompt], bool]

LONGEST = 60.0  # seconds; who hears more has forgotten the beginning

_EASTERN = ("zh", "yue", "ja", "ko")
_EASTERN_LETTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CUT = re.compile(r"[^\"'|>{\[].*?((?:[按和或及、，,]|\b[Pp]ress|\band|\bor)? #)(?P<comment>.*)")
_KEY_NAME = re.compile(r"[键鍵号號]|\s*(?:key|to|for)\b")


def check_texts(reader: Reader) -> None:
    """Warn of words in the wrong language, cut off, grown into another language, or longer than anyone listens."""
    for mark, prompts in _by_place(reader):
        language = prompts[0].language
        _check_language(language, " ".join(prompt.text for prompt in prompts), mark, reader)
        _check_ends(prompts[0].text, mark, reader)
        if _seconds(prompts) > LONGEST and (seconds := _seconds(_said_once(prompts, mark))) > LONGEST:
            message = f"these words take about {seconds:.0f} s"
            reader.warn(mark, "W411", message, "say less, or let callers choose what they want to hear")


def _seconds(prompts: Iterable[Prompt]) -> float:
    return sum(estimated_seconds(prompt) for prompt in prompts)


def check_sounds(readers: Iterable[Reader], has_sound: HasSound) -> None:
    """Tell of every text that callers could not hear yet."""
    told: set[Prompt] = set()
    for reader in readers:
        places: set[Mark] = set()  # once for all that is said there: a value may be said with a hundred sounds
        for prompt, mark in reader.spoken:
            if prompt not in told and not has_sound(prompt):
                told.add(prompt)
                if mark not in places:
                    places.add(mark)
                    message = f"these words have no sound in {quote(prompt.language)}"
                    reader.refuse(mark, "E308", message, "run `ivr prompts build`")


def _by_place(reader: Reader) -> Iterator[tuple[Mark, list[Prompt]]]:
    for mark, found in groupby(reader.spoken, key=lambda one: one[1]):
        yield mark, [prompt for prompt, _ in found]


def _said_once(prompts: Iterable[Prompt], mark: Mark) -> Iterator[Prompt]:
    """The words of the file; a value may be said with a hundred others, of which callers hear a few."""
    lines = mark.source.lines[mark.line - 1 : mark.line + 99]
    text = "".join("".join(line.split()) for line in lines)
    return (prompt for prompt in prompts if "".join(prompt.text.split()) in text)


def _check_language(language: str, words: str, mark: Mark, reader: Reader) -> None:
    eastern, others = len(_EASTERN_LETTER.findall(words)), _WORD.findall(_EASTERN_LETTER.sub(" ", words))
    if language.partition("-")[0] in _EASTERN:
        if not eastern and len(others) > 1:
            message = f"these words are for {quote(language)} and hold none of its characters"
            reader.warn(mark, "W412", message, "were two languages swapped?")
    elif eastern > sum(len(word) for word in others):
        message = f"these words are for {quote(language)} and are written in another language"
        reader.warn(mark, "W412", message, "were two languages swapped?")


def _check_ends(words: str, mark: Mark, reader: Reader) -> None:
    line = mark.source.lines[mark.line - 1][mark.column - 1 :]
    cut = _CUT.match(line)
    if cut and (len(cut[1]) > 2 or _KEY_NAME.match(cut["comment"])):
        place = Mark(mark.source, mark.line, mark.column + cut.end(1) - 1)
        reader.warn(place, "W413", "from ` #` on it is a comment: callers do not hear it", "put the text in quotes")
    others = "|".join(re.escape(language) for language in reader.languages)
    if others and (found := re.search(rf"[，、；。,;] *({others}) *[：:]", line)) and found[0].strip() in words:
        place = Mark(mark.source, mark.line, mark.column + found.start())
        message = f"the words for {quote(found[1])} are read as part of this text"
        reader.warn(place, "W413", message, "separate languages by `, ` and `: ` (半角)")
