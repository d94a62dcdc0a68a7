"""This file decides how values are said in Chinese. It does not know how they were written, or who speaks.

Pieces are as long as they can be while there are few: all numbers below a hundred, all days of a month.
"""

from datetime import date

from ivr_engine.spoken.lengths import MOST_OF_A_UNIT, Length, Unit
from ivr_engine.spoken.readings import Amount, Clock, Figure

Pieces = tuple[str, ...]

_DIGITS = "零一二三四五六七八九"
_KEYED = {**dict(zip("0123456789", "零幺二三四五六七八九", strict=True)), "*": "星号", "#": "井号"}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEVELS = {"none": "无", "general": "一般", "major": "较大", "critical": "重大"}
_UNITS: dict[Unit, str] = {"minute": "分钟", "hour": "小时", "day": "天"}


def characters(text: str) -> Pieces:
    """One by one; 1 is 幺, as 一 and 七 sound alike over the telephone."""
    return tuple(_KEYED.get(char, char) for char in text)


def number(figure: Figure) -> Pieces:
    """一万零五, 负三点二."""
    sign = ("负",) if figure.negative else ()
    point = ("点", *(_DIGITS[int(digit)] for digit in figure.decimals)) if figure.decimals else ()
    return (*sign, *_whole(figure.whole), *point)


def money(amount: Amount) -> Pieces:
    """十二元五角, 十二元零五分."""
    yuan, rest = divmod(amount.fen, 100)
    jiao, fen = divmod(rest, 10)
    pieces = ["负"] if amount.negative else []
    if yuan or not rest:
        pieces += [*_count(yuan), "元"]
    if yuan and fen and not jiao:
        pieces.append("零")
    pieces += [_few(jiao, "角")] if jiao else []
    pieces += [_few(fen, "分")] if fen else []
    return tuple(pieces)


def day(when: date) -> Pieces:
    """二零二七年二月十七日."""
    year = (_DIGITS[int(digit)] for digit in str(when.year))
    return (*year, "年", _month(when.month), _day(when.day))


def clock(time: Clock) -> Pieces:
    """十八点, 两点零五分."""
    return (_hour(time.hour), _minute(time.minute)) if time.minute else (_hour(time.hour),)


def length(told: Length) -> Pieces:
    """大约两分钟, 两到四分钟, 大约一小时三十分钟."""
    if not told.most:
        return ("不到一分钟",)
    most = (*_count(told.most), _UNITS[told.unit])
    if told.least < told.most:
        return (*_count(told.least), "到", *most)
    minutes = (*_count(told.minutes), _UNITS["minute"]) if told.minutes else ()
    return ("大约", *most, *minutes)


def level(told: str) -> Pieces:
    """一般, 较大, 重大; 无."""
    return (_LEVELS[told],)


def _whole(number: int) -> Pieces:
    if not number:
        return (_DIGITS[0],)
    pieces: list[str] = []
    skipped = False
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, size)
        if not group:
            skipped = True
            continue
        if pieces and (skipped or group < 1000):
            pieces.append(_DIGITS[0])
        pieces += _count(group) if unit else _group(group, first=not pieces)
        pieces += [unit] if unit else []
        skipped = False
    return tuple(pieces)


def _group(number: int, *, first: bool) -> Pieces:
    """1 to 9999. `first`: nothing is said before it, so that 10 is 十; else it is 一十."""
    thousands, rest = divmod(number, 1000)
    hundreds, rest = divmod(rest, 100)
    pieces = [_few(thousands, "千")] if thousands else []
    pieces += [_few(hundreds, "百")] if hundreds else []
    if rest and ((thousands and not hundreds) or (hundreds and rest < 10)):
        pieces.append(_DIGITS[0])
    if rest:
        pieces.append(_below_hundred(rest, first=first and not pieces))
    return tuple(pieces)


def _count(number: int) -> Pieces:
    """A number before what it counts: 2 is 两."""
    return ("两",) if number == 2 else _whole(number)


def _few(number: int, unit: str) -> str:
    """1 to 9 of a unit, in one piece."""
    return ("两" if number == 2 else _DIGITS[number]) + unit


def _below_hundred(number: int, *, first: bool = True) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 and first else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def _month(month: int) -> str:
    return f"{_below_hundred(month)}月"


def _day(day: int) -> str:
    return f"{_below_hundred(day)}日"


def _hour(hour: int) -> str:
    return f"{'两' if hour == 2 else _below_hundred(hour)}点"


def _minute(minute: int) -> str:
    return f"{'零' if minute < 10 else ''}{_below_hundred(minute)}分"


_SMALL = tuple(_below_hundred(number) for number in range(100))
_TEENS = tuple(_below_hundred(number, first=False) for number in range(10, 20))
_HUNDREDS = tuple(_few(number, unit) for unit in "百千" for number in range(1, 10))

# Everything the function of that name can say.
CHARACTERS: Pieces = (*_KEYED.values(), *_LETTERS)
_WHOLES: Pieces = (*_SMALL, *_TEENS, *_HUNDREDS, "两", "万", "亿")
NUMBERS: Pieces = (*_WHOLES, "负", "点")
MONEY: Pieces = (*_WHOLES, "负", "元", *(_few(number, unit) for unit in "角分" for number in range(1, 10)))
DAYS: Pieces = (*_DIGITS, "年", *map(_month, range(1, 13)), *map(_day, range(1, 32)))
CLOCKS: Pieces = (*map(_hour, range(25)), *map(_minute, range(1, 60)))
LENGTHS: Pieces = ("不到一分钟", "大约", "到", "两", *_UNITS.values(), *_SMALL[: MOST_OF_A_UNIT + 1])
LEVELS: Pieces = tuple(_LEVELS.values())
