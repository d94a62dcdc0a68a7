"""What a hotline is once it is loaded."""

from pathlib import Path

import pytest

from ivr_engine.dialplan.hotline import Hotline, hotline_prompts
from ivr_engine.dialplan.load import check, load
from ivr_engine.errors import DialplanError
from ivr_engine.model.ids import PoolName, QueueName, StepName
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.nodes._node import Node
from ivr_engine.nodes.enqueue import Enqueue
from ivr_engine.nodes.menu import Menu

ROOT = Path(__file__).parents[3] / "dialplans"
SHOP = """hotline: shop
numbers: ["4000000400"]
languages: [zh-CN, en]
timezone: Asia/Shanghai
start: {say: {zh-CN: 您好。, en: Hello.}, then: main}
fallback: {say: {zh-CN: 请稍候。, en: Please hold.}, agents: [1001]}
steps:
  main:
    menu: {zh-CN: 咨询请按1。, en: Questions 1.}
    keys: {1: {say: {zh-CN: 好。, en: Fine.}, then: {enqueue: general, tag: [a, b]}}, 9: main}
    wrong: {say: {zh-CN: 错。, en: Wrong.}}
  otherwise: {enqueue: general}
"""
SEATS = """pools:
  local: {agents: [1001, 1002]}
  far: {trunk: true, number: 8001, capacity: 3, answer within: 20s}
queues: {general: {pools: [local, far], priority: 7, after call: 3s, greeting: {zh-CN: 转接。, en: Hold.}}}
"""
CRISIS = "crisis: recall\nstart: first\nsteps:\n  first: {goto: main}\n  otherwise: {goto: main.1}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hotline.yaml").write_text(SHOP, "utf-8")
    (tmp_path / "seats.yaml").write_text(SEATS, "utf-8")
    return tmp_path


@pytest.fixture
def shop(folder: Path) -> Hotline[Node]:
    return load(folder, NODE_TYPES)


def _add_crisis(folder: Path, text: str) -> None:
    (folder / "crisis").mkdir()
    (folder / "crisis" / "recall.yaml").write_text(text, "utf-8")


def test_steps_written_inside_others_become_steps_named_after_their_place(shop: Hotline[Node]) -> None:
    assert set(shop.normal.steps) == {"flow.start", "main", "main.1", "main.1.then", "otherwise"}
    assert shop.normal.start == "flow.start"
    assert shop.normal.steps[StepName("main.1.then")] == Enqueue(queue=QueueName("general"), tags=("a", "b"))


def test_pools_and_queues_carry_what_is_written(shop: Hotline[Node]) -> None:
    far = shop.pools[PoolName("far")]
    assert (far.trunk, far.number, far.answer_within) == (True, "8001", 20.0)
    assert far.seats == ("far#1", "far#2", "far#3")
    assert shop.pools[PoolName("local")].seats == ("1001", "1002")
    queue = shop.queues[QueueName("general")]
    assert (queue.name, queue.pools, queue.priority, queue.wrap_up) == ("general", ("local", "far"), 7, 3.0)


def test_every_text_is_among_the_prompts_once(shop: Hotline[Node]) -> None:
    english = [prompt.text for prompt in hotline_prompts(shop) if prompt.language == "en"]
    assert sorted(english) == ["Fine.", "Hello.", "Hold.", "Please hold.", "Questions 1.", "Wrong."]


def test_a_profile_may_use_normal_steps_and_its_own_come_first(folder: Path) -> None:
    _add_crisis(folder, CRISIS.replace("{goto: main.1}", "{enqueue: general, tag: recall}"))
    recall = load(folder, NODE_TYPES).flow("recall")
    assert recall.start == "first"
    assert "main.1" in recall.steps
    assert recall.steps[StepName("otherwise")] == Enqueue(queue=QueueName("general"), tags=("recall",))


def test_an_unknown_flow_is_the_normal_one(shop: Hotline[Node]) -> None:
    assert shop.flow("gone") is shop.normal


def test_the_version_changes_with_any_file_and_with_nothing_else(folder: Path) -> None:
    first = load(folder, NODE_TYPES).version
    assert load(folder, NODE_TYPES).version == first
    with (folder / "seats.yaml").open("a") as file:
        file.write("# later\n")
    second = load(folder, NODE_TYPES).version
    _add_crisis(folder, "crisis: recall\nstart: main\n")
    assert len({first, second, load(folder, NODE_TYPES).version}) == 3


@pytest.mark.parametrize("name", ["hotline.yaml", "seats.yaml", "crisis/recall.yaml"])
def test_any_file_of_a_hotline_stands_for_the_whole(folder: Path, name: str) -> None:
    _add_crisis(folder, "crisis: recall\nstart: main\n")
    assert load(folder / name, NODE_TYPES) == load(folder, NODE_TYPES)


def test_a_hotline_fits_into_one_file(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SHOP + SEATS, "utf-8")
    assert load(tmp_path / "shop.yaml", NODE_TYPES).queues


def test_errors_are_raised_together_and_the_message_is_one_line(folder: Path) -> None:
    (folder / "seats.yaml").write_text(SEATS.replace("general", "genaral").replace("3s", "soon"), "utf-8")
    with pytest.raises(DialplanError) as refused:
        load(folder, NODE_TYPES)
    assert [one.code for one in refused.value.diagnostics] == ["E302", "E302", "E203"]
    assert "and 2 more" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_warnings_do_not_keep_a_hotline_from_loading(folder: Path) -> None:
    (folder / "seats.yaml").write_text(SEATS + "  \n", "utf-8")
    with (folder / "hotline.yaml").open("a") as file:
        file.write("  attic: {enqueue: general}\n")
    assert [one.code for one in check([folder], NODE_TYPES)] == ["W401"]
    assert "attic" in load(folder, NODE_TYPES).normal.steps


def test_a_prompt_without_sound_is_told_where_its_words_stand(folder: Path) -> None:
    silent = Prompt("en", "Wrong.")
    (found,) = check([folder], NODE_TYPES, lambda prompt: prompt != silent)
    assert (found.code, Path(found.file).name, found.line) == ("E308", "hotline.yaml", 11)


def test_a_folder_of_hotlines_is_checked_hotline_by_hotline_and_each_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "hotline.yaml").write_text("{}\n")
    files = {one.file for one in check([tmp_path, tmp_path / "one"], NODE_TYPES)}
    assert files == {str(tmp_path / "one" / "hotline.yaml"), str(tmp_path / "two" / "hotline.yaml")}
    assert len({(one.file, one.message) for one in check([tmp_path, tmp_path / "one"], NODE_TYPES)}) == len(
        check([tmp_path], NODE_TYPES)
    )


def test_the_language_knows_only_the_words_it_is_given(folder: Path) -> None:
    words = {"menu": Menu, "enqueue": Enqueue}
    assert {one.code for one in check([folder], words)} == {"E205"}


def test_a_word_may_be_a_setting_of_another_word(folder: Path) -> None:
    assert check([folder], {**NODE_TYPES, "tag": NODE_TYPES["goto"]}) == []


@pytest.mark.parametrize("shipped", sorted(path.parent.name for path in ROOT.glob("*/hotline.yaml")))
def test_shipped_hotlines_are_without_any_complaint(shipped: str) -> None:
    assert check([ROOT / shipped], NODE_TYPES) == []


def test_acme_brings_each_caller_to_the_queue_the_menu_promises() -> None:
    acme = load(ROOT / "acme", NODE_TYPES)
    main, recall = acme.normal.steps[StepName("main")], acme.crises["recall"].steps[StepName("recall-menu")]
    assert isinstance(main, Menu)
    assert isinstance(recall, Menu)
    steps = acme.crises["recall"].steps
    asked = {key: steps[step] for key, step in main.keys.items()}
    assert {key: node.queue for key, node in asked.items() if isinstance(node, Enqueue)} == {
        "1": "urgent",
        "2": "general",
        "3": "complaint",
        "0": "general",
    }
    assert steps[recall.keys["1"]] == Enqueue(queue=QueueName("urgent"), tags=("recall",))
    assert all(queue.pools == ("local", "chengdu") for queue in acme.queues.values())
