"""What callers hear of a value, checked by hand in both languages, and that all of it can be built beforehand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.model.prompt import Prompt
from ivr_engine.spoken import KINDS, is_piece, said, vocabulary

CHINESE = [
    ("number", "0", "零"),
    ("number", "-0", "零"),
    ("number", "2", "二"),
    ("number", "10", "十"),
    ("number", "15", "十五"),
    ("number", "100", "一百"),
    ("number", "105", "一百 零 五"),
    ("number", "110", "一百 一十"),
    ("number", "115", "一百 一十五"),
    ("number", "200", "两百"),
    ("number", "222", "两百 二十二"),
    ("number", "1005", "一千 零 五"),
    ("number", "1010", "一千 零 一十"),
    ("number", "1,050", "一千 零 五十"),
    ("number", "2200", "两千 两百"),
    ("number", "9999", "九千 九百 九十九"),
    ("number", "10005", "一 万 零 五"),
    ("number", "10500", "一 万 零 五百"),
    ("number", "20000", "两 万"),
    ("number", "105000", "十 万 五千"),
    ("number", "120000", "十二 万"),
    ("number", "100010", "十 万 零 一十"),
    ("number", "22000000", "两千 两百 万"),
    ("number", "100000000", "一 亿"),
    ("number", "100000005", "一 亿 零 五"),
    ("number", "100005000", "一 亿 零 五千"),
    ("number", "100050000", "一 亿 零 五 万"),
    ("number", "1200340056", "十二 亿 零 三十四 万 零 五十六"),
    ("number", "-3.20", "负 三 点 二 零"),
    ("number", "0.30000000000000004", "零 点 三"),
    ("number", "１２", "十二"),
    ("number", "1000000000000", "幺 零 零 零 零 零 零 零 零 零 零 零 零"),
    ("number", "1,00", "幺 零 零"),
    ("digits", "13800138000", "幺 三 八 零 零 幺 三 八 零 零 零"),
    ("digits", "A-17*#", "A 幺 七 星号 井号"),
    (None, "b2", "B 二"),
    ("money", "12.5", "十二 元 五角"),
    ("money", "12.55", "十二 元 五角 五分"),
    ("money", "12.05", "十二 元 零 五分"),
    ("money", "¥100", "一百 元"),
    ("money", "2.2元", "两 元 两角"),
    ("money", "0.50", "五角"),
    ("money", "0.02", "两分"),
    ("money", "0", "零 元"),
    ("money", "-¥3", "负 三 元"),
    ("money", "19.999", "二十 元"),
    ("money", "$12", "幺 二"),
    ("date", "2027-02-17", "二 零 二 七 年 二月 十七日"),
    ("date", "20271231", "二 零 二 七 年 十二月 三十一日"),
    ("date", "2027年10月1日", "二 零 二 七 年 十月 一日"),
    ("date", "2027-02-17T18:00:00+08:00", "二 零 二 七 年 二月 十七日"),
    ("date", "2027-02-30", "二 零 二 七 零 二 三 零"),
    ("time", "18:00", "十八点"),
    ("time", "02:05", "两点 零五分"),
    ("time", "0:30:59", "零点 三十分"),
    ("time", "24:00", "二十四点"),
    ("time", "6:30 pm", "十八点 三十分"),
    ("time", "2027-02-17T18:45:00+08:00", "十八点 四十五分"),
    ("time", "25:00", "二 五 零 零"),
    ("duration", "0", "不到一分钟"),
    ("duration", "59s", "不到一分钟"),
    ("duration", "120", "大约 两 分钟"),
    ("duration", "61", "大约 两 分钟"),
    ("duration", "12 min", "大约 十二 分钟"),
    ("duration", "2-4 min", "两 到 四 分钟"),
    ("duration", "90m", "大约 一 小时 三十 分钟"),
    ("duration", "1h30m", "大约 一 小时 三十 分钟"),
    ("duration", "2h", "大约 两 小时"),
    ("duration", "1-2天", "一 到 两 天"),
    ("duration", "3 days", "大约 三 天"),
    ("level", "critical", "重大"),
    ("level", "none", "无"),
]

ENGLISH = [
    ("number", "0", "zero"),
    ("number", "21", "twenty-one"),
    ("number", "100", "one hundred"),
    ("number", "105", "one hundred and|five"),
    ("number", "1005", "one|thousand|and|five"),
    ("number", "1105", "one|thousand|one hundred and|five"),
    ("number", "105000", "one hundred and|five|thousand"),
    ("number", "100000", "one hundred|thousand"),
    ("number", "1005000", "one|million|five|thousand"),
    ("number", "2000000012", "two|billion|and|twelve"),
    ("number", "-3.20", "minus|three|point|two|zero"),
    ("digits", "A-17*#", "A|one|seven|star|hash"),
    ("money", "1", "one|yuan"),
    ("money", "12.50", "twelve|yuan|and|fifty|fen"),
    ("money", "0.05", "five|fen"),
    ("money", "0", "zero|yuan"),
    ("date", "2027-02-17", "the seventeenth|of February|twenty|twenty-seven"),
    ("date", "2005-01-01", "the first|of January|two|thousand|and|five"),
    ("date", "2000/3/22", "the twenty-second|of March|two|thousand"),
    ("date", "1905.12.30", "the thirtieth|of December|nineteen|oh|five"),
    ("date", "1900-06-04", "the fourth|of June|nineteen|hundred"),
    ("time", "18:00", "six|p.m."),
    ("time", "18:05", "six|oh|five|p.m."),
    ("time", "0:30", "twelve|thirty|a.m."),
    ("time", "12:00", "noon"),
    ("time", "24:00", "midnight"),
    ("time", "12:01 am", "twelve|oh|one|a.m."),
    ("duration", "30", "less than a minute"),
    ("duration", "60", "about|one|minute"),
    ("duration", "2 min", "about|two|minutes"),
    ("duration", "2-4 min", "two|to|four|minutes"),
    ("duration", "1h1m", "about|one|hour|and|one|minute"),
    ("duration", "60-180 min", "one|to|three|hours"),
    ("duration", "2-3 days", "two|to|three|days"),
    ("duration", "1 day", "about|one|day"),
    ("duration", "90-119 s", "one|to|two|minutes"),
    ("level", "major", "major"),
    ("duration", "200 days", "two|zero|zero|D|A|Y|S"),
]


@pytest.mark.parametrize(("kind", "value", "heard"), CHINESE)
def test_chinese_is_said_as_people_say_it(kind: str | None, value: str, heard: str) -> None:
    assert said(value, kind, "zh-CN") == tuple(Prompt("zh-CN", piece) for piece in heard.split(" "))


@pytest.mark.parametrize(("kind", "value", "heard"), ENGLISH)
def test_english_is_said_as_people_say_it(kind: str | None, value: str, heard: str) -> None:
    assert said(value, kind, "en-GB") == tuple(Prompt("en-GB", piece) for piece in heard.split("|"))


@pytest.mark.parametrize("value", ["", "   ", "。，", "没有数字", "\0\n", "1" * 33, "错" * 10_000])
@pytest.mark.parametrize("kind", [None, *KINDS])
def test_what_cannot_be_said_is_left_out(kind: str | None, value: str) -> None:
    assert said(value, kind, "zh-CN") == said(value, kind, "en") == ()


def test_another_language_says_characters_in_english() -> None:
    assert said("12.50", "money", "fr") == tuple(Prompt("en", word) for word in ("one", "two", "five", "zero"))
    assert said("12", "digits", "yue-HK")[0] == Prompt("yue-HK", "幺")
    assert all(set(vocabulary(kind, "fr")) == set(vocabulary("digits", "en")) for kind in KINDS)


def written(kind: str) -> st.SearchStrategy[str]:
    """Values as other systems write them."""
    figures = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**13), max_value=10**13).map(
        "{:f}".format
    )
    days = st.dates(min_value=date(1, 1, 1)).map(str)
    clocks = st.times().map(str)
    units = st.sampled_from(["", "s", " min", "h", "天", " days"])
    spans = st.builds("{}-{}{}".format, st.integers(0, 300), st.integers(0, 300), units)
    single = st.builds("{}{}".format, st.integers(0, 10**6), units)
    ways = {
        "date": days,
        "time": clocks,
        "duration": spans | single,
        "digits": st.from_regex(r"[\w+*#-]*", fullmatch=True),
    }
    return ways.get(kind, figures | st.integers(0, 10**12).map(str)) | st.text(max_size=40)


@given(st.data(), st.sampled_from(KINDS), st.sampled_from(["zh-CN", "en", "fr"]))
def test_every_sound_of_every_value_is_in_the_vocabulary(data: st.DataObject, kind: str, language: str) -> None:
    heard = said(data.draw(written(kind)), kind, language)
    assert set(heard) <= set(vocabulary(kind, language))
    assert all(is_piece(prompt) for prompt in heard)


@given(st.integers(0, 10**12 - 1), st.sampled_from(["zh-CN", "en"]))
def test_two_numbers_never_sound_the_same(number: int, language: str) -> None:
    neighbours = {"".join(one.text + " " for one in said(str(n), "number", language)) for n in (number, number + 1)}
    swapped = number // 10 * 10 + (number + 7) % 10
    neighbours.add("".join(one.text + " " for one in said(str(swapped), "number", language)))
    assert len(neighbours) == len({number, number + 1, swapped})


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_vocabulary_has_nothing_that_is_never_said(language: str) -> None:
    """Each piece costs a sound in each voice: all of them must be of use."""
    numbers = [*map(str, range(1200)), *map(str, range(1000, 10_000, 1000)), "20000", "1000000", "1000000000"]
    days = [*(f"2027-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)), "2100-01-29"]
    values = {
        "number": [*numbers, "-1.5"],
        "money": [*numbers, "-1", *(f"{fen / 100:.2f}" for fen in range(130))],
        "date": [*days, *(f"{year}-01-{day}" for year in range(1000, 10_000) for day in (30, 31))],
        "time": ["24:00", *(f"{hour}:{minute:02}" for hour in range(24) for minute in range(60))],
        "duration": ["1-2h", "0-2m", *(f"{minutes}m" for minutes in range(2000)), *(f"{n}d" for n in range(100))],
        "level": ["none", "general", "major", "critical"],
        "digits": ["0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "*#"],
    }
    for kind in KINDS:
        heard = {prompt for value in values[kind] for prompt in said(value, kind, language)}
        heard |= set(vocabulary("digits", language))
        assert set(vocabulary(kind, language)) == heard, kind


def test_ordinary_words_are_no_piece() -> None:
    assert not is_piece(Prompt("zh-CN", "您好。"))
    assert is_piece(Prompt("en", "hash"))
