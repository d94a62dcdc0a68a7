"""This file decides how values are said in English. It does not know how they were written, or who speaks.

Pieces are as long as they can be while there are few: all numbers below a hundred, all days of a month.
"""

from datetime import date

from ivr_engine.spoken.lengths import MOST_OF_A_UNIT, Length
from ivr_engine.spoken.readings import LEVELS as _LEVELS
from ivr_engine.spoken.readings import Amount, Clock, Figure

Pieces = tuple[str, ...]

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = (*_ONES, *(f"{ten}-{one}" if one != "zero" else ten for ten in _TENS for one in _ONES[:10]))
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KEYED = {**dict(zip("0123456789", _ONES[:10], strict=True)), "*": "star", "#": "hash"}
_DAYS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth"),
    *("twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first"),
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def characters(text: str) -> Pieces:
    """One by one."""
    return tuple(_KEYED.get(char, char) for char in text)


def number(figure: Figure) -> Pieces:
    """Such as one hundred and five, or minus three point two."""
    sign = ("minus",) if figure.negative else ()
    point = ("point", *(_ONES[int(digit)] for digit in figure.decimals)) if figure.decimals else ()
    return (*sign, *_whole(figure.whole), *point)


def money(amount: Amount) -> Pieces:
    """Such as twelve yuan and fifty fen."""
    yuan, fen = divmod(amount.fen, 100)
    pieces = ["minus"] if amount.negative else []
    if yuan or not fen:
        pieces += [*_whole(yuan), "yuan"]
    if yuan and fen:
        pieces.append("and")
    if fen:
        pieces += [_SMALL[fen], "fen"]
    return tuple(pieces)


def day(when: date) -> Pieces:
    """Such as the seventeenth of February, twenty twenty-seven."""
    return (_day(when.day), _month(when.month), *_year(when.year))


def clock(time: Clock) -> Pieces:
    """Such as six p.m., or six oh five p.m."""
    if not time.minute and time.hour % 12 == 0:
        return ("noon",) if time.hour == 12 else ("midnight",)
    pieces = [_SMALL[time.hour % 12 or 12]]
    if time.minute:
        pieces += [*(["oh"] if time.minute < 10 else []), _SMALL[time.minute]]
    return (*pieces, "a.m." if time.hour < 12 else "p.m.")


def length(told: Length) -> Pieces:
    """Such as about two minutes, two to four minutes, or about one hour and thirty minutes."""
    if not told.most:
        return ("less than a minute",)
    most = (_SMALL[told.most], _units(told.unit, told.most))
    if told.least < told.most:
        return (_SMALL[told.least], "to", *most)
    minutes = ("and", _SMALL[told.minutes], _units("minute", told.minutes)) if told.minutes else ()
    return ("about", *most, *minutes)


def level(told: str) -> Pieces:
    """Such as major, or none."""
    return (told,)


def _whole(number: int) -> Pieces:
    if not number:
        return (_ONES[0],)
    pieces: list[str] = []
    for size, unit in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (1, "")):
        group, number = divmod(number, size)
        hundreds, rest = divmod(group, 100)
        if hundreds:
            pieces.append(_hundreds(hundreds, rest))
        elif rest and pieces and not unit:
            pieces.append("and")
        pieces += [_SMALL[rest]] if rest else []
        pieces += [unit] if group and unit else []
    return tuple(pieces)


def _hundreds(hundreds: int, rest: int = 0) -> str:
    return f"{_ONES[hundreds]} hundred{' and' if rest else ''}"


def _year(year: int) -> Pieces:
    century, rest = divmod(year, 100)
    if year % 1000 < 10:
        return _whole(year)
    if not rest:
        return (_SMALL[century], "hundred")
    return (_SMALL[century], *(["oh"] if rest < 10 else []), _SMALL[rest])


def _day(day: int) -> str:
    return f"the {_DAYS[day - 1]}"


def _month(month: int) -> str:
    return f"of {_MONTHS[month - 1]}"


def _units(unit: str, number: int) -> str:
    return unit if number == 1 else f"{unit}s"


# Everything the function of that name can say.
CHARACTERS: Pieces = (*_KEYED.values(), *_LETTERS)
_WHOLES: Pieces = (
    *_SMALL,
    *(_hundreds(number, rest) for rest in (0, 1) for number in range(1, 10)),
    *("and", "thousand", "million", "billion"),
)
NUMBERS: Pieces = (*_WHOLES, "minus", "point")
MONEY: Pieces = (*_WHOLES, "minus", "yuan", "fen")
DAYS: Pieces = (
    *map(_day, range(1, 32)),
    *map(_month, range(1, 13)),
    *(*_SMALL, "oh", "hundred", "thousand", "and"),
)
CLOCKS: Pieces = (*_SMALL[1:60], "oh", "a.m.", "p.m.", "noon", "midnight")
LENGTHS: Pieces = (
    *("less than a minute", "about", "to", "and"),
    *(_units(unit, number) for unit in ("minute", "hour", "day") for number in (1, 2)),
    *_SMALL[1 : MOST_OF_A_UNIT + 1],
)
LEVELS: Pieces = _LEVELS
