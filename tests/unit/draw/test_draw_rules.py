"""Rules, arms and hours in a drawing: each with what it demands, none as something nobody hopes for."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.draw.chart import Chart, charts_of
from ivr_engine.draw.svg import as_svg
from ivr_engine.nodes import NODE_TYPES

HOTLINE = """
hotline: shop
numbers: ["4000000400"]
languages: [zh-CN]
shifts: {office: {days: [mon, tue], from: 08:00, to: 20:00}}
start: open
steps:
  open: {hours: office, inside: sort, outside: progress, emergency: progress}
  sort:
    classify:
      - when: {region: [北京, 广东], calls in 24h: {at least: 3}}
        unless: {tag: recall}
        then: {enqueue: urgent, priority: 50, tag: vip}
      - {when: {in the call for: 2m}, then: {enqueue: urgent}}
    otherwise: greeting
  greeting: {split: {short: {share: 30, then: progress}, long: {share: 70, then: {enqueue: general}}}}
  progress: {status: 正在抢修。, refresh by: 2027-02-17 18:00, then: {enqueue: general}}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}, urgent: {pools: [local]}}
fallback: {say: 您好。, agents: [1001]}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Chart:
    (tmp_path / "hotline.yaml").write_text(HOTLINE, "utf-8")
    return charts_of(load(tmp_path, NODE_TYPES))[0]


def test_each_rule_shows_what_it_demands_and_where_it_leads(chart: Chart) -> None:
    first, second, otherwise = chart.boxes["step:sort"].exits
    demands = ("when region: 北京, 广东", "when calls in 24h at least: 3", "unless tag: recall")
    assert (first.label, first.to, first.remarks) == ("1", "queue:urgent", (*demands, "tag: vip", "priority: 50"))
    assert (second.label, second.remarks) == ("2", ("when in the call for: 2m",))
    assert (otherwise.label, otherwise.to) == ("otherwise", "step:greeting")
    assert not any(way.aside or way.by_key for way in (first, second, otherwise))


def test_what_a_rule_demands_is_not_cut_off(chart: Chart) -> None:
    svg = ElementTree.fromstring(as_svg((chart,)))
    written = " ".join(text.text or "" for text in svg.iter("{http://www.w3.org/2000/svg}text")).replace("\xa0", " ")
    for demand in chart.boxes["step:sort"].exits[0].remarks:
        assert demand in written


def test_arms_show_their_share_and_hours_their_ways(chart: Chart) -> None:
    arms = [(way.label, way.to, way.remarks) for way in chart.boxes["step:greeting"].exits]
    assert arms == [("short", "step:progress", ("share: 30",)), ("long", "queue:general", ("share: 70",))]
    assert [way.label for way in chart.boxes["step:open"].exits] == ["inside", "outside", "emergency"]
    assert "refresh by: 2027-02-17 18:00" in chart.boxes["step:progress"].settings
