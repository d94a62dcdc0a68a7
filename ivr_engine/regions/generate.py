"""This file decides what the tables of regions hold. It does not know callers; it runs only when the tables are made.

    python -m ivr_engine.regions.generate

The names come from the library `phonenumbers` (Apache License 2.0), which keeps what numbers carriers were given.
"""

import zlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.geodata.locale import LOCALE_DATA

from ivr_engine.regions.table import FIRST_MOBILE, MAINLAND, Tables

HERE = Path(__file__).parent
LAST_MOBILE = 1_999_999
# Of each code its largest country; of these two the caller may as well be in another.
_SHARED = {"1": "美国或加拿大", "7": "俄罗斯或哈萨克斯坦"}


def main() -> None:
    """Write the tables anew."""
    names = {key.removeprefix(MAINLAND): texts["zh"] for key, texts in _mainland().items() if "zh" in texts}
    regions = tuple(dict.fromkeys(names.values()))
    places = {region: number for number, region in enumerate(regions)}
    areas = {key: places[name] for key, name in names.items() if not _is_mobile(key)}
    tables = Tables(regions, dict(sorted(areas.items())), _countries())
    (HERE / "tables.json").write_bytes(msgspec.json.format(msgspec.json.encode(tables), indent=1) + b"\n")
    (HERE / "mobiles.z").write_bytes(zlib.compress(_mobiles(names, places), 9))


def _mainland() -> Mapping[str, Mapping[str, str]]:
    return {key: texts for key, texts in GEOCODE_DATA.items() if key.startswith(MAINLAND)}


def _is_mobile(key: str) -> bool:
    return key.startswith("1") and not key.startswith("10")


def _mobiles(names: Mapping[str, str], places: Mapping[str, int]) -> bytes:
    table = bytearray(2 * (LAST_MOBILE - FIRST_MOBILE + 1))
    for key in sorted(filter(_is_mobile, names), key=len):  # a longer beginning says more than a shorter one
        first = int(key.ljust(7, "0")[:7])
        for beginning in range(first, first + 10 ** max(0, 7 - len(key))):
            at = 2 * (beginning - FIRST_MOBILE)
            table[at : at + 2] = (places[names[key]] + 1).to_bytes(2, "big")
    return bytes(table)


def _countries() -> dict[str, str]:
    found = {}
    for code, codes in COUNTRY_CODE_TO_REGION_CODE.items():
        names = LOCALE_DATA.get(codes[0], {})
        name = names.get("zh", "")
        name = names[name[1:]] if name.startswith("*") else name  # the same as in another language
        if name and str(code) != MAINLAND:
            found[str(code)] = _SHARED.get(str(code), name)
    return dict(sorted(found.items()))


if __name__ == "__main__":
    main()
