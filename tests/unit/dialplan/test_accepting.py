"""How a file says that people must take a call, and what agents are told of it."""

from pathlib import Path

from ivr_engine.dialplan.hotline import Hotline, hotline_prompts
from ivr_engine.dialplan.load import check, load
from ivr_engine.model.ids import PoolName, QueueName
from ivr_engine.nodes import NODE_TYPES, Node

FILE = """\
hotline: acme
numbers: ["4000000400"]
languages: [zh-CN, en]
timezone: Asia/Shanghai
start: main
fallback: {say: {zh-CN: 喂。, en: Hello.}, agents: [1001]}
pools:
  local: {agents: [1001]}
  mobile: {trunk: true, number: "13800000000", capacity: 1, confirm: true}
  site: {trunk: true, number: 8001, capacity: 1, confirm: false}
  office: {trunk: true, number: 8002, capacity: 1, confirm: {say: {zh-CN: 请按一。, en: Press one.}, within: 5s}}
queues:
  plain: {pools: [local, mobile, site, office]}
  told:
    pools: [local]
    ring several: 3
    whisper: {zh-CN: 等了<wait as duration>。, en: "Waiting <wait as duration>."}
    script: |
      Good morning.
      How can I help?
    authority: {refund: 200, visit: yes}
  tagged:
    pools: [local]
    whisper: {say: {zh-CN: 投诉。, en: Complaint.}, tags: {vip: {zh-CN: 贵宾。, en: VIP.}}}
steps:
  main: {menu: {zh-CN: 请按键。, en: Press.}, keys: {1: {enqueue: plain}, 2: {enqueue: told}, 3: {enqueue: tagged}}}
  otherwise: {enqueue: plain}
"""


def read(folder: Path) -> Hotline[Node]:
    file = folder / "hotline.yaml"
    file.write_text(FILE, "utf-8")
    return load(file, NODE_TYPES)


def test_who_picks_up_is_asked_where_the_pool_says_so(tmp_path: Path) -> None:
    hotline = read(tmp_path)
    confirms = {name: pool.confirm for name, pool in hotline.pools.items()}
    assert confirms[PoolName("local")] is confirms[PoolName("site")] is None
    mobile, office = confirms[PoolName("mobile")], confirms[PoolName("office")]
    assert mobile is not None
    assert office is not None
    assert (mobile.within, office.within) == (10.0, 5.0)
    assert office.say.words["en"] == "Press one."
    assert "按 1" in mobile.say.words["zh-CN"]
    assert mobile.taken == office.taken
    assert set(mobile.taken.words) == {"zh-CN", "en"}


def test_what_agents_are_told_is_read_and_has_sounds(tmp_path: Path) -> None:
    hotline = read(tmp_path)
    plain, told, tagged = (hotline.queues[QueueName(name)] for name in ("plain", "told", "tagged"))
    assert (plain.whisper, plain.ring_several, plain.script, plain.authority) == (None, 1, "", {})
    assert told.whisper is not None
    assert told.ring_several == 3
    assert told.whisper.say.words["en"] == "Waiting <wait as duration>."
    assert (told.script, told.authority) == ("Good morning.\nHow can I help?", {"refund": "200", "visit": "yes"})
    assert tagged.whisper is not None
    assert tagged.whisper.tags["vip"].words["en"] == "VIP."
    words = {prompt.text for prompt in hotline_prompts(hotline)}
    assert {"请按一。", "正在接通。", "热线来电，请按 1 接听。", "Complaint.", "VIP.", "Waiting"} <= words


def test_people_at_seats_hear_the_first_language_alone_so_no_other_is_missed(tmp_path: Path) -> None:
    file = tmp_path / "hotline.yaml"
    alone = FILE.replace("say: {zh-CN: 请按一。, en: Press one.}", "say: 请按一。").replace(", en: VIP.}", "}")
    file.write_text(alone.replace("{zh-CN: 投诉。, en: Complaint.}", "投诉。"), "utf-8")
    assert check([file], NODE_TYPES) == []
    file.write_text(FILE.replace("zh-CN: 请按一。, ", ""), "utf-8")
    assert [one.code for one in check([file], NODE_TYPES)] == ["E306"], "that one is a must"
