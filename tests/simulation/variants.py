"""Other versions of the hotline, so that reloads meet everything a file can drop, add or move."""

from dataclasses import replace
from typing import Any

from ivr_engine.dialplan.accepting import ConfirmPlan, WhisperPlan
from ivr_engine.dialplan.crises import CrisisPlan, LevelPlan, QueueChange, WhenSwitched
from ivr_engine.dialplan.hotline import DestinationPlan, Facilities, Flow, Hotline, PoolPlan, QueuePlan
from ivr_engine.dialplan.text import Text
from ivr_engine.dialplan.turns import in_turn
from ivr_engine.model.ids import DestinationName, PoolName, QueueName, SeatId, StepName
from ivr_engine.nodes import Node
from ivr_engine.nodes.enqueue import Enqueue

LEADS = PoolName("leads")
LOCAL, TEAM, CHENGDU = PoolName("local"), PoolName("team"), PoolName("chengdu")
GENERAL, URGENT, ALL = QueueName("general"), QueueName("urgent"), QueueName("all")
NEWCOMER = SeatId("1009")
CONFIRM = ConfirmPlan(Text({"zh-CN": "按 1 接听。"}), Text({"zh-CN": "正在接通。"}))
WHISPER = WhisperPlan(Text({"zh-CN": "等了<wait as duration>。"}), {"urgent": Text({"zh-CN": "紧急。"})})


def variants_of(hotline: Hotline[Node]) -> tuple[Hotline[Node], ...]:
    """Other versions of acme: each `version` says what is different."""
    return (
        with_agents(hotline, "1001", "1002"),
        with_agents(hotline, "1003", NEWCOMER),
        guarded(hotline),
        renamed(hotline),
        one_queue(hotline),
        without_step(hotline),
        replace(hotline, version="no-crisis", crises={}),
        without_trunk(hotline),
        careful(hotline),
        prepared(hotline),
    )


def prepared(hotline: Hotline[Node]) -> Hotline[Node]:
    """Its crisis tells and moves those who wait, and changes queues and pools; and a second one counts before it."""
    recall = hotline.crises["recall"]
    words = {"say": Text({"zh-CN": "召回开始。"}), "over": Text({"zh-CN": "召回结束。"})}
    plan = CrisisPlan(
        name="recall",
        tags=("召回",),
        lasts=120.0,
        waiting=WhenSwitched(**words, move={GENERAL: URGENT}),
        queues={GENERAL: QueueChange(priority=50, script="说公告"), URGENT: QueueChange(ring_several=2)},
        levels={"major": LevelPlan(seats=300)},
    )
    outage = CrisisPlan(name="outage", precedence=200, two_people=True, waiting=WhenSwitched(move={URGENT: GENERAL}))
    crises = {"recall": replace(recall, plan=plan), "outage": replace(hotline.normal, name="outage", plan=outage)}
    pools = {**hotline.pools, CHENGDU: replace(hotline.pools[CHENGDU], most=6)}
    return replace(hotline, version="prepared", crises=crises, pools=pools)


def careful(hotline: Hotline[Node]) -> Hotline[Node]:
    """Seats ring together; whoever is outside must say that he takes the call; and agents are told what it is about."""
    pools = {**hotline.pools, CHENGDU: replace(hotline.pools[CHENGDU], confirm=CONFIRM)}
    queues = {
        name: replace(queue, ring_several=3 if name != URGENT else 1, whisper=None if name == GENERAL else WHISPER)
        for name, queue in hotline.queues.items()
    }
    return replace(hotline, version="careful", pools=pools, queues=queues)


def with_agents(hotline: Hotline[Node], *agents: str, version: str = "") -> Hotline[Node]:
    """Other people in the local pool."""
    local = replace(hotline.pools[LOCAL], agents=tuple(map(SeatId, agents)))
    return replace(hotline, version=version or f"agents-{'-'.join(agents)}", pools={**hotline.pools, LOCAL: local})


def guarded(hotline: Hotline[Node]) -> Hotline[Node]:
    """Newcomers must sign in, and whoever misses a call is paused."""
    new = with_agents(hotline, "1001", "1002", NEWCOMER, version="guarded")
    local = replace(new.pools[LOCAL], sign_in=True, after_misses=1)
    return replace(new, pools={**new.pools, LOCAL: local})


def renamed(hotline: Hotline[Node]) -> Hotline[Node]:
    """The same people, in a pool of another name."""
    pools = {TEAM: replace(hotline.pools[LOCAL], name=TEAM), CHENGDU: hotline.pools[CHENGDU]}
    queues = {name: replace(queue, turns=in_turn(TEAM, CHENGDU)) for name, queue in hotline.queues.items()}
    return replace(hotline, version="renamed", pools=pools, queues=queues)


def one_queue(hotline: Hotline[Node]) -> Hotline[Node]:
    """One queue instead of three, of another name, in a pool of another name with one person less."""
    team = PoolPlan(TEAM, agents=(SeatId("1001"), SeatId("1002")), answer_within=10.0)
    queue = QueuePlan(ALL, in_turn(TEAM), wrap_up=0.0)
    new = replace(hotline, version="one-queue", pools={TEAM: team}, queues={ALL: queue})
    return _with_steps(new, lambda node: replace(node, queue=ALL) if isinstance(node, Enqueue) else node)


def without_step(hotline: Hotline[Node]) -> Hotline[Node]:
    """The menu has another name."""
    flows = {name: _without_main(flow) for name, flow in hotline.crises.items()}
    return replace(hotline, version="no-main", normal=_without_main(hotline.normal), crises=flows)


def without_trunk(hotline: Hotline[Node]) -> Hotline[Node]:
    """No other site."""
    queues = {name: replace(queue, turns=in_turn(LOCAL)) for name, queue in hotline.queues.items()}
    return replace(hotline, version="no-trunk", pools={LOCAL: hotline.pools[LOCAL]}, queues=queues)


def supervised(hotline: Hotline[Node]) -> Hotline[Node]:
    """Two who may be called in and may listen, codes that say how a call went, and somebody outside."""
    pools = {**hotline.pools, LEADS: PoolPlan(LEADS, agents=(SeatId("1900"), SeatId("1901")))}
    codes = {"1": "solved", "2": "complaint"}
    queues = {name: replace(queue, supervisors=LEADS, dispositions=codes) for name, queue in hotline.queues.items()}
    police = DestinationPlan(DestinationName("police"), "chengdu", "110")
    places = Facilities(hotline.normal.facilities.hours, {police.name: police})
    normal = replace(hotline.normal, facilities=places)
    return replace(hotline, version="supervised", pools=pools, queues=queues, normal=normal)


def _without_main(flow: Flow[Node]) -> Flow[Node]:
    main, first = StepName("main"), StepName("choose")

    def elsewhere(node: Any) -> Any:
        return replace(node, then=first) if getattr(node, "then", None) == main else node

    steps = {first if name == main else name: elsewhere(node) for name, node in flow.steps.items()}
    return replace(flow, steps=steps)


def _with_steps(hotline: Hotline[Node], change: Any) -> Hotline[Node]:
    def changed(flow: Flow[Node]) -> Flow[Node]:
        return replace(flow, steps={name: change(node) for name, node in flow.steps.items()})

    crises = {name: changed(flow) for name, flow in hotline.crises.items()}
    return replace(hotline, normal=changed(hotline.normal), crises=crises)
