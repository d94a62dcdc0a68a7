"""What of a hotline is drawn, and that every exit of it can be seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ivr_engine.cli import app
from ivr_engine.dialplan.fields import Named
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.dialplan.scalars import Label, Repeats, Seconds
from ivr_engine.dialplan.steps import QueueRef, Target
from ivr_engine.draw.cards import card_of
from ivr_engine.draw.chart import Chart, Sort, charts_of
from ivr_engine.draw.exits import Exit, told_by
from ivr_engine.draw.layers import Spot, arranged
from ivr_engine.draw.lettering import shortened, width, wrapped
from ivr_engine.draw.mermaid import as_mermaid
from ivr_engine.draw.places import Measures, placed
from ivr_engine.draw.svg import as_svg
from ivr_engine.draw.traffic import traffic_of
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, StepName
from ivr_engine.model.notices import CallRecord
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.nodes._node import Node

ACME = Path(__file__).parents[3] / "dialplans" / "acme"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def acme() -> Hotline[Node]:
    return load(ACME, NODE_TYPES)


@pytest.fixture
def normal(acme: Hotline[Node]) -> Chart:
    return charts_of(acme)[0]


@pytest.fixture
def recall(acme: Hotline[Node]) -> Chart:
    return charts_of(acme)[1]


def ways(chart: Chart, box: str) -> list[tuple[str, str]]:
    return [(one.label, one.to) for one in chart.boxes[box].exits]


# --- what is drawn -------------------------------------------------------------------------------------------


def test_a_menu_shows_each_key_and_where_silence_and_wrong_keys_lead(normal: Chart) -> None:
    assert ways(normal, "step:main") == [
        ("1", "queue:urgent"),
        ("2", "queue:general"),
        ("3", "queue:complaint"),
        ("0", "queue:general"),
        ("silence", "step:otherwise"),
        ("wrong", "step:otherwise"),
    ]
    first, *_, silence, wrong = normal.boxes["step:main"].exits
    assert first == Exit("1", "queue:urgent", to_queue=True, by_key=True, remarks=("tag: safety",))
    assert (silence.aside, silence.by_key, silence.remarks) == (True, False, ("after: 5s", "repeat: 2"))
    assert wrong.remarks == ("repeat: 2", "对不起，没有这个选项。")


def test_callers_enter_at_the_number_and_end_in_queues(normal: Chart) -> None:
    assert next(iter(normal.boxes)) == "entry"
    assert normal.boxes["entry"].title == "4000000400"
    assert ways(normal, "entry") == [("", "step:hello")]
    urgent = normal.boxes["queue:urgent"]
    assert (urgent.sort, urgent.exits) == (Sort.QUEUE, ())
    assert urgent.settings == ("pools: local, chengdu", "priority: 100", "after call: 5s")


def test_a_crisis_profile_is_a_chart_of_its_own_with_the_ordinary_steps_it_leads_to(recall: Chart) -> None:
    assert recall.title == "acme · recall"
    borrowed = {key for key, box in recall.boxes.items() if box.borrowed}
    assert borrowed == {"step:main"}
    assert "召回" in recall.boxes["step:hello"].texts[0]
    assert recall.boxes["step:recall-menu"].exits[4].remarks == ("after: 5s", "repeat: 1", "tag: recall")


def test_the_words_are_those_of_the_language_asked_for(acme: Hotline[Node]) -> None:
    assert charts_of(acme, "en")[0].boxes["step:hello"].texts[0].startswith("Hello, and welcome.")


SHOP = """hotline: shop
numbers: ["1"]
languages: [en]
timezone: Asia/Shanghai
start: {goto: main}
fallback: {say: Hello., agents: [1001]}
pools: {local: {agents: [1001]}}
queues: {general: {pools: [local]}}
steps:
  main:
    menu: 'Say <caller>, "yes" & press 1.'
    keys: {1: {say: Wait., then: {goto: bye}}, 2: main, "#": {goto: {goto: bye}}, "*": {hangup: }}
  bye: {hangup: Bye.}
  otherwise: {enqueue: general}
  nobody: {goto: main}
"""


def test_keys_for_a_person_lead_from_the_entry_and_called_steps_end_where_they_return() -> None:
    normal, *_ = charts_of(load(ACME.parent / "huaxing", NODE_TYPES))
    (_, human) = normal.boxes["entry"].exits
    assert (human.label, human.to, human.by_key) == ("0/#", "step:person", True)
    assert normal.boxes["step:return"].sort is Sort.END


def test_a_question_within_a_step_is_drawn_as_the_steps_own() -> None:
    normal, recall, *_ = charts_of(load(ACME.parent / "huaxing", NODE_TYPES))
    wish = normal.boxes["step:wish"]
    assert [text[:5] for text in wish.texts] == ["我们将回拨"]
    assert [(one.label, one.by_key, one.aside) for one in wish.exits if one.by_key] == [("2", True, False)]
    assert [one.label for one in wish.exits if one.aside] == ["silence", "wrong"]
    assert recall.boxes["step:wish"].texts == wish.texts


def test_each_way_says_how_many_took_it(acme: Hotline[Node]) -> None:
    def record(*steps: str) -> CallRecord:
        ways = tuple(StepName(step) for step in steps)
        return CallRecord(CallId(str(steps)), "4", "1", "normal", Outcome.ANSWERED, 0.0, 1.0, steps=ways)

    records = [record("hello", "main", "main.1"), record("hello", "main", "otherwise"), record("hello")]
    chart, recall = charts_of(acme, traffic=traffic_of(records))
    assert chart.boxes["entry"].exits[0].remarks[0] == "3×"
    assert chart.boxes["step:hello"].exits[0].remarks[0] == "2×"
    ways = {one.label: one.remarks[0] for one in chart.boxes["step:main"].exits}
    assert ways == {"1": "1×", "2": "0×", "3": "0×", "0": "0×", "silence": "1× in all", "wrong": "1× in all"}
    assert chart.boxes["step:otherwise"].exits[0].remarks[0] == "1×"
    assert recall.boxes["entry"].exits[0].remarks[0] == "0×"
    assert '"1 1×"' in as_mermaid([chart])


@pytest.fixture
def shop(tmp_path: Path) -> Chart:
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    return charts_of(load(tmp_path / "shop.yaml", NODE_TYPES))[0]


def test_a_step_inside_another_is_a_box_only_if_it_says_or_ends_something(shop: Chart) -> None:
    assert ways(shop, "entry") == [("", "step:main")]
    assert ways(shop, "step:main")[:4] == [
        ("1", "step:main.1"),
        ("2", "step:main"),
        ("#", "step:bye"),
        ("*", "step:main.*"),
    ]
    assert ways(shop, "step:main.1") == [("then", "step:bye")]
    assert shop.boxes["step:bye"].sort is Sort.END


def test_a_step_nobody_reaches_is_drawn_as_well(shop: Chart) -> None:
    assert ways(shop, "step:nobody") == [("", "step:main")]


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A way of a word nobody has written yet."""

    share: Repeats = 1
    then: Target


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A group that leads nowhere."""

    longest: Seconds = 90.0


@dataclass(frozen=True, kw_only=True)
class Split:
    """A word nobody has written yet."""

    WORD: ClassVar[str] = "split"

    by: Annotated[Label, Named("split")]
    arms: Mapping[Label, Arm]
    full: QueueRef
    limit: Limit = Limit()
    loud: bool = False


def test_a_new_word_is_drawn_from_its_fields_alone() -> None:
    split: Any = Split(by="caller", arms={"a": Arm(then="x"), "b": Arm(share=2, then="y")}, full="general", loud=True)  # type: ignore[arg-type]
    told = told_by(split, "en", "split")
    assert told.settings == ["caller", "limit longest: 90s", "loud: true"]
    assert told.exits == [
        Exit("a", "x", remarks=("share: 1",)),
        Exit("b", "y", remarks=("share: 2",)),
        Exit("full", "general", to_queue=True),
    ]


# --- where it stands -----------------------------------------------------------------------------------------

GRAPHS = st.integers(1, 12).flatmap(
    lambda count: st.lists(
        st.lists(st.integers(0, count - 1).map(str), max_size=4), min_size=count, max_size=count
    ).map(lambda exits: {str(number): ways for number, ways in enumerate(exits)})
)


@given(GRAPHS)
def test_every_exit_is_a_chain_of_lines_to_the_right_or_leads_back(ways: dict[str, list[str]]) -> None:
    ends = [box for box, exits in ways.items() if not exits]
    layers = arranged(ways, ends)
    columns = {spot.box: spot.column for column in layers.columns for spot in column if not spot.is_lane}
    assert set(columns) == set(ways)
    assert len({columns[box] for box in ends}) <= 1
    assert all(line.end.column == line.start.column + 1 for line in layers.lines)
    onward = {(line.start, line.exit, line.end.box): line.end for line in layers.lines}
    for box, exits in ways.items():
        for number, to in enumerate(exits):
            if (box, number) not in layers.back:
                spot = onward[Spot(box, columns[box]), number, to]
                while spot.is_lane:
                    spot = onward[spot, 0, to]
                assert spot == Spot(to, columns[to])


@given(GRAPHS)
def test_nothing_stands_on_another(ways: dict[str, list[str]]) -> None:
    layers = arranged(ways, [])
    measures = {
        spot: Measures(6, 3, [3]) if spot.is_lane else Measures(40 + 20 * len(ways[spot.box]), 15, [20.0] * 4)
        for column in layers.columns
        for spot in column
    }
    tops = placed(layers, measures, gap=10)
    assert min(tops.values()) == 0
    for column in layers.columns:
        for upper, lower in pairwise(column):
            assert tops[lower] >= tops[upper] + measures[upper].height + 10 - 1e-6


def test_lines_to_one_box_share_a_lane() -> None:
    layers = arranged({"a": ["b", "end"], "b": ["c", "end"], "c": ["end"], "end": []}, ["end"])
    lanes = [spot for column in layers.columns for spot in column if spot.is_lane]
    assert sorted(lane.column for lane in lanes) == [1, 2]


def test_a_line_between_two_boxes_is_level_where_nothing_is_in_the_way() -> None:
    layers = arranged({"a": ["b"], "b": ["c"], "c": []}, [])
    measures = {spot: Measures(100, 15, [80.0]) for column in layers.columns for spot in column}
    tops = placed(layers, measures, gap=10)
    assert [tops[spot] for column in layers.columns for spot in column] == pytest.approx([0, 65, 130], abs=1)


def test_boxes_are_put_in_an_order_without_crossings_where_there_is_one() -> None:
    layers = arranged({"a": ["x", "y", "z"], "x": ["3"], "y": ["2"], "z": ["1"], "1": [], "2": [], "3": []}, [])
    assert [[spot.box for spot in column] for column in layers.columns] == [["a"], ["x", "y", "z"], ["3", "2", "1"]]


# --- how it looks --------------------------------------------------------------------------------------------


def pictured(*charts: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(as_svg(charts))


def test_the_picture_shows_every_box_line_and_word(normal: Chart, recall: Chart) -> None:
    picture = pictured(normal, recall)
    texts = [text.text or "" for text in picture.iter(f"{SVG}text")]
    for chart in (normal, recall):
        assert chart.title in texts
        for box in chart.boxes.values():
            assert box.title in texts
            assert all(one.label in texts for one in box.exits if one.label)
    assert "您好，召回咨询专线已开通。通话将被录" in "".join(texts)
    arrows = [path for path in picture.iter(f"{SVG}path") if (path.get("d") or "").endswith("Z") and path.get("fill")]
    boxes = [group for group in picture.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]
    assert len(boxes) == len(normal.boxes) + len(recall.boxes)
    assert len(arrows) > len(boxes)  # each has a head of its own colour, most are led to


def test_an_exit_that_leads_back_names_the_box_and_links_to_it(recall: Chart) -> None:
    picture = pictured(recall)
    (link,) = picture.iter(f"{SVG}a")
    assert "".join(link.itertext()).strip() == "↩ recall-menu"
    (box,) = (group for group in picture.iter(f"{SVG}g") if f"#{group.get('id')}" == link.get("href"))
    title = box.find(f"{SVG}title")
    assert title is not None
    assert (title.text or "").startswith("recall-menu menu\n")


def test_silence_and_wrong_keys_are_dashed(normal: Chart) -> None:
    dashed = [path for path in pictured(normal).iter(f"{SVG}path") if path.get("class") == "line aside"]
    assert len(dashed) == 2


def test_a_lane_of_silent_callers_is_dashed_until_others_share_it(tmp_path: Path) -> None:
    def lanes(keys: str) -> list[str]:
        text = re.sub(r"    keys: .*", f"    keys: {keys}", SHOP).replace("  nobody: {goto: main}\n", "")
        (tmp_path / "shop.yaml").write_text(text, "utf-8")
        picture = pictured(*charts_of(load(tmp_path / "shop.yaml", NODE_TYPES)))
        return sorted(path.get("class") or "" for path in picture.iter(f"{SVG}path") if path.get("class"))

    late = "1: {say: Wait., then: {say: Still., then: otherwise}}"
    assert lanes(f"{{{late}}}").count("line aside") == 2 + 2 + 2  # from the exits, the lane, from the lane
    assert lanes(f"{{{late}, 2: otherwise}}").count("line aside") == 2  # from the exits


def test_settings_break_between_and_never_within_one(normal: Chart) -> None:
    card = card_of(normal.boxes["queue:urgent"], {})
    assert [line.replace("\xa0", " ") for line in card.small] == [
        "pools: local, chengdu · priority: 100",
        "after call: 5s",
    ]


def test_signs_of_xml_and_mermaid_in_words_are_only_words(shop: Chart) -> None:
    assert any('<caller>, "yes"' in (text.text or "") for text in pictured(shop).iter(f"{SVG}text"))
    drawn = as_mermaid([shop])
    assert "Say #lt;caller#gt;, #quot;yes#quot; #amp; press 1." in drawn
    assert '-->|"#35;"|' in drawn


def test_nothing_lies_outside_the_picture(normal: Chart, recall: Chart) -> None:
    picture = pictured(normal, recall)
    for group in picture.iter(f"{SVG}g"):
        if group.find(f"{SVG}title") is not None:
            found = re.fullmatch(r"translate\((\S+) (\S+)\)", group.get("transform") or "")
            assert found
            assert 0 <= float(found[1]) <= float(picture.get("width") or 0) - 264
            assert 0 <= float(found[2]) <= float(picture.get("height") or 0)


def test_mermaid_has_one_arrow_for_exits_to_the_same_box(normal: Chart) -> None:
    lines = as_mermaid([normal]).splitlines()
    assert lines[:2] == ["flowchart LR", '  subgraph f1["acme · normal"]']
    assert '    f1b2 -->|"2, 0"| f1b4' in lines
    assert '    f1b2 -.->|"silence, wrong"| f1b6' in lines
    assert lines[-1] == "  end"


@given(st.text(max_size=80), st.floats(20, 300))
def test_no_line_is_wider_than_its_box(text: str, widest: float) -> None:
    lines = wrapped(text, 13, widest, 3)
    assert len(lines) <= 3
    assert all(width(line, 13) <= widest for line in lines)


def test_chinese_breaks_between_characters_but_not_before_a_stop() -> None:
    assert wrapped("产品安全，请按1。", 10, 45, 9) == ["产品安", "全，请", "按1。"]
    assert wrapped("one two three", 10, 45, 9) == ["one two", "three"]
    assert wrapped("一二三四五六", 10, 30, 1) == ["一二…"]
    assert shortened("四字之外", 10, 40) == "四字之外"


# --- from the shell ------------------------------------------------------------------------------------------


def test_the_shell_draws_to_a_file_or_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "flow.svg"
    assert CliRunner().invoke(app, ["draw", str(ACME), "-o", str(file)]).exit_code == 0
    assert ElementTree.parse(file).getroot().tag == f"{SVG}svg"
    shown = CliRunner().invoke(app, ["draw", str(ACME), "--mermaid", "--language", "en"])
    assert shown.stdout.startswith("flowchart LR\n")
    assert "Hello, and welcome." in shown.stdout


def test_a_language_the_hotline_does_not_speak_is_a_wrong_option() -> None:
    result = CliRunner().invoke(app, ["draw", str(ACME), "--language", "fr"])
    assert result.exit_code == 2
    assert "acme speaks zh-CN, en" in result.stderr


def test_a_file_that_cannot_be_written_is_a_wrong_option(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["draw", str(ACME), "-o", str(tmp_path / "missing" / "flow.svg")])
    assert result.exit_code == 2
    assert "no such file or directory" in " ".join(result.stderr.replace("│", " ").split())
