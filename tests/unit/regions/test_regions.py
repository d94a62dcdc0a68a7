"""Where numbers belong, and which places that is in. The names are those of the library `phonenumbers`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.regions import is_known, is_within, known_names, region_of
from ivr_engine.regions.table import regions


@pytest.mark.parametrize(
    ("number", "region"),
    [
        ("13800138000", "北京市"),
        ("013912345678", "江苏省常州市"),  # with the 0 that some trunks put before mobile numbers
        ("8613912345678", "江苏省常州市"),
        ("+8613912345678", "江苏省常州市"),
        ("008613912345678", "江苏省常州市"),
        ("17000000000", "北京市"),
        ("01088889999", "北京市"),
        ("075512345678", "广东省深圳市"),
        ("8675512345678", "广东省深圳市"),
        ("031188889999", "河北省石家庄市"),
        ("+85221234567", "香港"),
        ("+886223456789", "台湾地区"),
        ("+12125551234", "美国或加拿大"),
        ("0012125551234", "美国或加拿大"),
        ("+442071234567", "英国"),
        # Nobody knows where these belong.
        ("", ""),
        ("+", ""),
        ("110", ""),
        ("10086", ""),
        ("95588", ""),
        ("4000000400", ""),
        ("88889999", ""),
        ("1380013800", ""),
        ("13+00138000", ""),
        ("1001", ""),
    ],
)
def test_a_number_belongs_somewhere_or_nobody_knows(number: str, region: str) -> None:
    assert region_of(number) == region


@given(st.text("0123456789+", max_size=32) | st.text(max_size=8))
def test_whatever_comes_over_a_trunk_is_answered(number: str) -> None:
    assert region_of(number) in ("", *regions())


@pytest.mark.parametrize(
    ("region", "place", "inside"),
    [
        ("广东省深圳市", "广东", True),
        ("广东省深圳市", "广东省", True),
        ("广东省深圳市", "深圳", True),
        ("广东省深圳市", "深圳市", True),
        ("广东省深圳市", "广东深圳", True),
        ("广东省深圳市", "广东省广州市", False),
        ("广东省深圳市", "北京", False),
        ("北京市", "北京", True),
        ("内蒙古呼伦贝尔", "内蒙古自治区", True),
        ("四川省凉山彝族自治州", "凉山", True),
        ("辽宁省沈阳市、铁岭市、抚顺市", "抚顺", True),  # one area code for three cities
        # A city called like its province, and a prefecture called like another one.
        ("吉林省长春市", "吉林", True),
        ("吉林省长春市", "吉林市", False),
        ("吉林省吉林市", "吉林市", True),
        ("青海省海南藏族自治州", "海南", False),
        ("青海省海南藏族自治州", "海南藏族自治州", True),
        ("美国或加拿大", "美国或加拿大", True),
        ("美国或加拿大", "美国", True),
        ("台湾地区", "台湾", True),
        ("印度尼西亚", "印度", False),
        ("英国", "美国", False),
        ("", "北京", False),
    ],
)
def test_a_region_lies_in_a_place(region: str, place: str, inside: bool) -> None:
    assert is_within(region, place) is inside


def test_every_name_offered_is_a_place_some_number_is_of() -> None:
    assert len(known_names()) > 500
    assert [name for name in known_names() if not is_known(name)] == []
    assert [is_known(name) for name in ("深圳", "广冬", "Beijing", "")] == [True, False, False, False]
