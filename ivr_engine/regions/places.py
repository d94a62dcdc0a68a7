"""This file decides whether a region lies in a place somebody has named. It does not know any number."""

import re
from functools import cache

from ivr_engine.regions.table import regions

CITIES = ("北京", "天津", "上海", "重庆")  # that are provinces
PROVINCES = (
    *CITIES,
    *(
        "河北",
        "山西",
        "内蒙古",
        "辽宁",
        "吉林",
        "黑龙江",
        "江苏",
        "浙江",
        "安徽",
        "福建",
        "江西",
        "山东",
        "河南",
        "湖北",
    ),
    *("湖南", "广东", "广西", "海南", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"),
)
_FULL = {name: f"{name}市" if name in CITIES else rf"{name}(?:省|(?:壮族|回族|维吾尔)?自治区)" for name in PROVINCES}
_PROVINCE = re.compile("|".join(f"(?:{full}|{name})" for name, full in _FULL.items()))
_SORT = re.compile(r"(?:市|地区|盟|林区|[^自]{0,12}自治州)$")


def is_within(region: str, place: str) -> bool:
    """Whether a region as `region_of` tells it lies in a place: a province, a city of it, or a country."""
    province = _PROVINCE.match(region)
    if province is None:
        return place in (region, region.removesuffix("地区"), *region.split("或"))
    named = _PROVINCE.match(place)
    if named and named[0] == place:
        return _same(province[0], place)
    cities = region[province.end() :].split("、")
    if any(city.startswith(place) for city in cities):
        return True
    rest = place[named.end() :] if named and _same(province[0], named[0]) else ""
    return len(rest) > 1 and any(city.startswith(rest) for city in cities)


@cache
def is_known(place: str) -> bool:
    """Whether any number can be of that place."""
    return bool(place) and any(is_within(region, place) for region in regions())


@cache
def known_names() -> tuple[str, ...]:
    """Places as people call them: provinces, cities, countries."""
    names = dict.fromkeys(PROVINCES)
    for region in regions():
        province = _PROVINCE.match(region)
        for part in region[province.end() if province else 0 :].split("、"):
            names.setdefault(_SORT.sub("", part) or part)
    return tuple(name for name in names if name)


def _same(province: str, other: str) -> bool:
    return province[:2] == other[:2]  # no two provinces begin alike
