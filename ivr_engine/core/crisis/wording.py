"""This file decides which words may be told to callers in a crisis. It does not know who hears them.

A promise that nobody can keep costs more than the crisis. So words of the profile's list are refused, however they are
written, unless somebody by name answers for them.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from ivr_engine.core.crisis.active import plan_in
from ivr_engine.core.crisis.permission import why_not_he
from ivr_engine.dialplan.hotline import Hotline, Text
from ivr_engine.dialplan.promises import promises_in
from ivr_engine.model.events import StatusOrdered
from ivr_engine.spoken.running import in_words

LONGEST = 500  # characters: more than a minute of speech
_UNSEEN = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")  # what moves cursors, begins lines, or is no character


def texts_of(texts: Mapping[str, str]) -> Text:
    """What is spoken: figures in the words of their language."""
    return Text({language: in_words(text, language) for language, text in texts.items()})


def why_not_said(hotline: Hotline[Any], profiles: Iterable[str], order: StatusOrdered, now: float) -> str | None:
    """Why these words may not be told, with the remedy; None if they may. `profiles`: whose promises count."""
    first = hotline.languages[0]
    if first not in order.texts:
        return f"it says nothing in {first}, which callers of other languages hear too: give its words"
    unknown = [language for language in order.texts if language not in hotline.languages]
    if unknown:
        return f"{unknown[0]!r} is no language of this hotline: choose of {', '.join(hotline.languages)}"
    for language, text in order.texts.items():
        why = _why_not_spoken(text)
        if why is not None:
            return f"the words in {language} {why}"
    return _why_not_promised(hotline, profiles, order, now)


def promised(hotline: Hotline[Any], profiles: Iterable[str], texts: Mapping[str, str]) -> tuple[str, ...]:
    """Which words of the profiles' lists of promises these texts hold."""
    words = (word for profile in profiles for word in plan_in(hotline, profile).promises)
    return promises_in(texts.values(), words)


def _why_not_promised(hotline: Hotline[Any], profiles: Iterable[str], order: StatusOrdered, now: float) -> str | None:
    found = promised(hotline, profiles, order.texts)
    if not found:
        return None
    if order.overridden_by:
        return why_not_he(hotline, order.overridden_by, "promise", now)
    return f"it promises {', '.join(found)}: say it without, or name who answers for it (--override NAME)"


def _why_not_spoken(text: str) -> str | None:
    if not any(char.isalnum() for char in text):
        return "hold nothing that can be spoken: write a sentence"
    if len(text) > LONGEST:
        return f"are {len(text)} characters: say it in at most {LONGEST}"
    if any(char in "<>" or unicodedata.category(char) in _UNSEEN for char in text):
        return "hold < or >, a line break or signs that nobody sees: write them as plain words in one line"
    return None
