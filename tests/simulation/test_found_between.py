"""What was found where two features meet, each as the story it was: these must not come back."""

from dataclasses import replace

from ivr_engine.core.call import CallState
from ivr_engine.dialplan.hotline import CallBackPlan, Hotline, QueuePlan, WhileWaiting
from ivr_engine.dialplan.skills import Widening
from ivr_engine.dialplan.text import Text
from ivr_engine.model import commands as c
from ivr_engine.model.causes import LegEnd
from ivr_engine.model.ids import PoolName, SeatId, StepName
from ivr_engine.nodes import Node
from ivr_engine.nodes.enqueue import Enqueue, TooLong
from tests.simulation.stories import Story
from tests.simulation.test_accepting import careful, legs_of
from tests.simulation.test_call_backs import GENERAL, HOTLINE, SALES, Back, busy
from tests.simulation.test_fitting import HOTLINE as SKILLS
from tests.simulation.variants import LOCAL


def with_queue(hotline: Hotline[Node], queue: QueuePlan) -> Hotline[Node]:
    return replace(hotline, version="met", queues={**hotline.queues, queue.name: queue})


class BackBy(Back):
    """A story of wishes with another hotline."""

    def __init__(self, hotline: Hotline[Node]) -> None:
        Story.__init__(self, hotline)
        self.wishes = {}
        self.only("1001")

    def only(self, *agents: str) -> None:
        self.only_agents(*agents)
        self.exchange.trunks = {PoolName("carrier")}
        self.exchange.look_at_phones()
        self.deliver_all()


def test_who_is_away_hears_no_announcements() -> None:
    told = WhileWaiting(10.0, 10.0, Text({"zh-CN": "请等候。"}))
    story = BackBy(with_queue(HOTLINE, replace(HOTLINE.queues[GENERAL], while_waiting=told)))
    other = busy(story)
    back = story.wish()
    story.pass_time(30)
    assert story.away(back).state is CallState.WAITING
    assert not [order for order in story.ordered(c.Play) if order.call == back]
    story.hang_up(other)
    story.pass_time(10)
    story.agent_picks_up(back)
    story.customer_picks_up(back)
    assert story.joined(back)


def test_who_is_away_is_content_with_less_in_time_like_those_on_the_line() -> None:
    queue = replace(
        SKILLS.queues[GENERAL],
        widen=(Widening(60.0, {}),),
        needs={"repair": 4},
        call_back=CallBackPlan(trunk="carrier"),
    )
    story = BackBy(with_queue(SKILLS, queue))
    back = story.wish()
    assert story.away(back).state is CallState.WAITING
    story.pass_time(61)
    assert story.away(back).state is CallState.OFFERED


def test_no_customer_is_rung_while_nobody_could_take_his_call() -> None:
    story = BackBy(HOTLINE)
    story.only()
    back = story.wish(queue=SALES)
    assert not story.ordered(c.CallOut)
    story.only("1001")
    assert [order.call for order in story.ordered(c.CallOut)] == [back]


def test_no_customer_is_rung_over_a_trunk_that_is_down() -> None:
    # Each try counts: an outage of the carrier would use them up, and he would be given up without one ring.
    story = BackBy(HOTLINE)
    story.only_agents("1001")
    back = story.wish(queue=SALES)
    assert not story.ordered(c.CallOut)
    story.only("1001")
    assert [order.call for order in story.ordered(c.CallOut)] == [back]


def test_a_queue_that_was_gone_for_a_moment_forgets_nobody_who_is_away() -> None:
    # He stood in the queue that was gone, and in no line of the one that came.
    story = BackBy(HOTLINE)
    busy(story)
    lost = story.wish()
    queues = {name: queue for name, queue in HOTLINE.queues.items() if name != GENERAL}
    story.end_everything()
    story.reload(replace(HOTLINE, version="without", queues=queues))
    story.reload(replace(HOTLINE, version="with it again"))
    story.look()
    story.look()
    (wish,) = story.wishes
    assert story.call_for(wish) not in ("", lost)


def test_who_has_waited_too_long_is_not_kept_by_ever_more_phones_that_ring_for_him() -> None:
    # While two of them rang in turn he stayed until each agent had been rung.
    hotline = careful(several=2)
    step, late = StepName("main.2"), StepName("otherwise")
    before = hotline.normal.steps[step]
    assert isinstance(before, Enqueue)
    enqueue = replace(before, too_long=TooLong(15.0, late))
    normal = replace(hotline.normal, steps={**hotline.normal.steps, step: enqueue})
    agents = tuple(SeatId(f"10{number:02}") for number in range(1, 13))
    local = replace(hotline.pools[LOCAL], agents=agents, answer_within=10.0)
    story = Story(replace(hotline, normal=normal, pools={**hotline.pools, LOCAL: local}))
    story.only_agents(*agents)
    call = story.enqueue()
    assert len(legs_of(story, call)) == 2
    story.pass_time(4)
    story.end_leg(call, LegEnd.REJECTED)  # so that the two do not end at once
    for _ in range(30):
        story.pass_time(1)
    assert late in story.call(call).steps


def test_a_clock_that_is_behind_the_engine_before_loses_no_caller() -> None:
    # What he needed was looked for among what he needs from now on: there was nothing, and all calls were lost.
    story = Story(SKILLS)
    story.only_agents("1001", "1002")
    call = story.dial()
    story.press(call, "3")
    story.now -= 30
    story.replace_engine()
    assert story.state(call) is CallState.OFFERED
    story.pick_up(call)
    assert story.joined(call)
