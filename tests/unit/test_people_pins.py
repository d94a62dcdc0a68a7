"""A PIN says who dials, unless nobody's was dialled, or too many were tried at one phone."""

import json
from pathlib import Path

import pytest

from ivr_engine.errors import SettingsError
from ivr_engine.people_pins import FORGOTTEN_AFTER_SECONDS, MOST_WRONG, PeoplePins, WrongPinError


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.json"
    path.write_text(json.dumps({"张伟": "004711", "li.wei": "123456"}))
    return path


@pytest.fixture
def pins(file: Path, clock: Clock) -> PeoplePins:
    return PeoplePins(file, clock)


def write(file: Path, text: str) -> None:
    file.write_text(text)


async def wrong(pins: PeoplePins, phone: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPinError):
            await pins.whose("999999", phone)


async def test_it_says_whose_it_is(pins: PeoplePins) -> None:
    assert [await pins.whose("004711", "1001"), await pins.whose("123456", "1001")] == ["张伟", "li.wei"]


@pytest.mark.parametrize("pin", ["", "4711", "0047110", "00471", "四七一一〇〇"])
async def test_a_part_of_one_or_more_than_one_is_nobodys(pins: PeoplePins, pin: str) -> None:
    with pytest.raises(WrongPinError, match="nobody's"):
        await pins.whose(pin, "1001")


async def test_a_phone_that_guesses_is_not_listened_to_for_a_while(pins: PeoplePins, clock: Clock) -> None:
    await wrong(pins, "1001", MOST_WRONG)
    with pytest.raises(WrongPinError, match="wait 10 minutes"):
        await pins.whose("004711", "1001")
    assert await pins.whose("004711", "1002") == "张伟"  # another phone is
    clock.at += FORGOTTEN_AFTER_SECONDS + 1
    assert await pins.whose("004711", "1001") == "张伟"


async def test_a_right_one_forgives_what_was_dialled_wrong_before(pins: PeoplePins) -> None:
    for _ in range(3):
        await wrong(pins, "1001", MOST_WRONG - 1)
        assert await pins.whose("004711", "1001") == "张伟"


async def test_wrong_ones_long_apart_do_not_add_up(pins: PeoplePins, clock: Clock) -> None:
    for _ in range(MOST_WRONG):
        await wrong(pins, "1001", 1)
        clock.at += FORGOTTEN_AFTER_SECONDS / 2
    assert await pins.whose("004711", "1001") == "张伟"


async def test_phones_that_guessed_are_forgotten_in_time(pins: PeoplePins, clock: Clock) -> None:
    for phone in range(50):
        await wrong(pins, str(phone), 1)
    clock.at += FORGOTTEN_AFTER_SECONDS + 1
    assert not pins.is_locked("0")
    assert pins._wrong == {}


async def test_two_people_with_one_pin_are_nobody(file: Path, pins: PeoplePins) -> None:
    write(file, json.dumps({"张伟": "004711", "li.wei": "004711"}))
    with pytest.raises(WrongPinError):
        await pins.whose("004711", "1001")


async def test_without_a_file_nobody_is_known_and_the_remedy_is_told(tmp_path: Path, clock: Clock) -> None:
    for file in (None, tmp_path / "none.json"):
        with pytest.raises(WrongPinError, match="ivr provision"):
            await PeoplePins(file, clock).whose("", "1001")


async def test_a_broken_file_opens_nothing(file: Path, pins: PeoplePins) -> None:
    write(file, "[]")
    with pytest.raises(SettingsError):
        await pins.whose("004711", "1001")
