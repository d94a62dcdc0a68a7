"""This file decides where a phone number belongs. It does not know who calls from it, or where he really is.

The tables are made by generate.py. The library they come from would take five seconds to load and 190 MB; they take
some milliseconds and 2 MB.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import msgspec

MAINLAND = "86"
FIRST_MOBILE = 1_300_000  # the first seven digits of a mobile number tell its city
_MOBILE_LENGTH = 11


class Tables(msgspec.Struct, frozen=True):
    """What generate.py writes as text. `areas`: an area code, or a part of a number behind it, and its region."""

    regions: tuple[str, ...]
    areas: Mapping[str, int]
    countries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Numbering:
    """The tables in memory; `mobiles` has two bytes for each beginning of a mobile number, 0 where it is unknown."""

    tables: Tables
    mobiles: bytes


def region_of(number: str) -> str:
    """The region of a number as it comes over a trunk: `广东省深圳市`, `北京市`, `美国`; "" if it is not known."""
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return ""
    if number.startswith("00"):
        digits = number[2:]
    elif not number.startswith("+") and not (digits.startswith(MAINLAND) and len(digits) > _MOBILE_LENGTH):
        return _in_mainland(digits.removeprefix("0"), has_area=digits.startswith("0"))
    if digits.startswith(MAINLAND):
        return _in_mainland(digits.removeprefix(MAINLAND), has_area=True)
    countries = numbering().tables.countries
    return next((countries[digits[:size]] for size in (1, 2, 3) if digits[:size] in countries), "")


def regions() -> tuple[str, ...]:
    """Every region a number can be of."""
    tables = numbering().tables
    return (*tables.regions, *dict.fromkeys(tables.countries.values()))


@cache
def numbering() -> Numbering:
    """The tables, read once."""
    here = resources.files("ivr_engine.regions")
    tables = msgspec.json.decode(here.joinpath("tables.json").read_bytes(), type=Tables)
    return Numbering(tables, zlib.decompress(here.joinpath("mobiles.z").read_bytes()))


def _in_mainland(digits: str, *, has_area: bool) -> str:
    """The region of a number without its country code and the 0 before it."""
    known = numbering()
    if digits[:2] in ("13", "14", "15", "16", "17", "18", "19"):
        if len(digits) != _MOBILE_LENGTH:
            return ""
        at = 2 * (int(digits[:7]) - FIRST_MOBILE)
        found = int.from_bytes(known.mobiles[at : at + 2], "big")
        return known.tables.regions[found - 1] if found else ""
    if not has_area or not 9 <= len(digits) <= 11:
        return ""  # without its area code it could be anywhere
    areas = known.tables.areas
    return next((known.tables.regions[areas[digits[:size]]] for size in range(7, 1, -1) if digits[:size] in areas), "")
