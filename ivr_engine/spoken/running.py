"""This file decides how figures in a sentence are written out, so that voices say them right. It knows no voice.

espeak-ng says 80% in Chinese as 八十 "percent", 18:30 as one number, and telephone numbers as thousands. English voices
say all of these as they should; other languages are left alone.
"""

import re
from collections.abc import Callable
from typing import TypeVar

from ivr_engine.spoken import chinese, readings

ReadT = TypeVar("ReadT")

_CHINESE = ("zh", "cmn", "yue")
_NARROW = str.maketrans("％．０１２３４５６７８９", "%.0123456789")
_WIDE_COLON = re.compile(r"(?<=[0-9])：(?=[0-9]{2})")
_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,4})?"
_LONE = r"(?<![0-9A-Za-z.:/-])", r"(?![0-9A-Za-z:/-]|\.[0-9])"  # not within something longer
_PERCENT = re.compile(rf"{_LONE[0]}(?:({_NUMBER}) ?%? ?[-~～–至到] ?)?({_NUMBER}) ?%")
_DAY = re.compile(rf"{_LONE[0]}[0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}}{_LONE[1]}")
_CLOCK = re.compile(rf"{_LONE[0]}[0-9]{{1,2}}:[0-9]{{2}}{_LONE[1]}")
_TELEPHONE = re.compile(
    rf"{_LONE[0]}(?:0[0-9]{{2,3}}-[0-9]{{7,8}}|[48]00-?[0-9]{{3,4}}-?[0-9]{{3,4}}|1[3-9][0-9]{{9}}"
    rf"|(?<=[拨打话线])1[02][0-9]{{3}}){_LONE[1]}"
)


def in_words(text: str, language: str) -> str:
    """The sentence with percentages, days, times and telephone numbers written out as they are said."""
    if language.partition("-")[0] not in _CHINESE:
        return text
    text = _WIDE_COLON.sub(":", text.translate(_NARROW))
    text = _DAY.sub(lambda found: _or_as_it_is(readings.day(found[0]), chinese.day, found[0]), text)
    text = _CLOCK.sub(lambda found: _or_as_it_is(readings.clock(found[0]), chinese.clock, found[0]), text)
    text = _PERCENT.sub(lambda found: "到".join(_percent(one) for one in found.groups() if one), text)
    return _TELEPHONE.sub(lambda found: "".join(chinese.characters(found[0].replace("-", ""))), text)


def _percent(number: str) -> str:
    return "百分之" + _or_as_it_is(readings.figure(number), chinese.number, number)


def _or_as_it_is(read: ReadT | None, say: Callable[[ReadT], tuple[str, ...]], written: str) -> str:
    return written if read is None else "".join(say(read))
