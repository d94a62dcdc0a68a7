"""Which version a call gets, how long a version lives, and what becomes of pools and queues meanwhile."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ivr_engine.core.call import CallState
from ivr_engine.core.plan import plan_of
from ivr_engine.core.seat import SeatState
from ivr_engine.dialplan.hotline import QueuePlan
from ivr_engine.dialplan.turns import in_turn
from ivr_engine.model.commands import SaveState, TrunkLine
from ivr_engine.model.events import CanaryOrdered, CrisisOrdered, DialplanSwitched, PhonesSeen
from ivr_engine.model.ids import CallId, PoolName, QueueName, SeatId
from ivr_engine.model.notices import CanaryChanged, DialplanChanged, PoolChanged, QueueChanged
from tests.simulation.stories import Story
from tests.simulation.variants import one_queue, renamed, with_agents, without_step, without_trunk
from tests.simulation.world import NUMBER, acme

HOTLINE = acme()
LOCAL, TEAM, CHENGDU = PoolName("local"), PoolName("team"), PoolName("chengdu")
TWO = with_agents(HOTLINE, "1001", "1002")
MORE = with_agents(HOTLINE, "1001", "1002", "1003", "1009")
SHORT = replace(HOTLINE, version="no-crisis", crises={})


@pytest.fixture
def story() -> Iterator[Story]:
    told = Story(HOTLINE)
    yield told
    told.end()


def seats(story: Story) -> set[str]:
    return {str(seat) for seat in story.board.dispatch.seats.by_id} - {f"chengdu#{line}" for line in range(1, 11)}


def talk(story: Story, digit: str = "2") -> CallId:
    call = story.enqueue(digit)
    story.pick_up(call)
    assert story.state(call) is CallState.TALKING
    return call


# --- agents -----------------------------------------------------------------------------------------------------


def test_an_agent_who_is_taken_out_finishes_the_call_and_is_gone(story: Story) -> None:
    story.only_agents("1003")
    call = talk(story)
    story.reload(TWO)
    assert story.state(call) is CallState.TALKING
    assert "1003" in seats(story)
    story.end_leg(call)
    assert seats(story) == {"1001", "1002"}


def test_an_agent_who_rests_or_waits_is_gone_at_once(story: Story) -> None:
    story.only_agents("1003")
    story.end_leg(talk(story))
    assert story.board.dispatch.seats.by_id[SeatId("1003")].state is SeatState.WRAP_UP
    story.reload(TWO)
    assert seats(story) == {"1001", "1002"}
    assert story.timers == {}


def test_an_agent_who_is_rung_may_still_take_the_call(story: Story) -> None:
    story.only_agents("1003")
    call = story.enqueue()
    story.reload(TWO)
    story.pick_up(call)
    assert story.state(call) is CallState.TALKING
    story.end_leg(call)
    assert "1003" not in seats(story)


def test_an_agent_who_comes_back_while_he_talks_stays(story: Story) -> None:
    story.only_agents("1003")
    call = talk(story)
    story.reload(TWO)
    story.reload(HOTLINE)
    story.end_leg(call)
    assert "1003" in seats(story)


def test_a_new_agent_is_offline_until_his_phone_was_seen(story: Story) -> None:
    story.exchange.agents.discard(SeatId("1009"))
    story.tell(DialplanSwitched("?", "x"))
    story.board.offer_version(MORE)
    story.tell(DialplanSwitched(MORE.version, "Li"))
    states = [story.board.dispatch.seats.by_id[SeatId("1009")].state]
    story.tell(PhonesSeen(frozenset({SeatId("1009")}), frozenset()))
    states.append(story.board.dispatch.seats.by_id[SeatId("1009")].state)
    assert states == [SeatState.OFFLINE, SeatState.READY]


def test_a_pool_nobody_has_looked_at_is_not_deserted(story: Story) -> None:
    story.only_agents()
    story.board.offer_version(renamed(MORE))
    story.tell(DialplanSwitched("renamed", "Li"))
    team = story.board.dispatch.seats.pools[TEAM]
    assert not team.is_deserted
    story.only_agents()
    assert team.is_deserted


def test_a_pool_of_another_name_takes_its_people_over_where_they_are(story: Story) -> None:
    call = talk(story)
    busy = story.seat(call)
    story.reload(renamed(HOTLINE))
    team = story.board.dispatch.seats.pools[TEAM]
    assert set(team.seats) == {"1001", "1002", "1003"} - {busy}
    assert {seat.state for seat in team.seats.values()} == {SeatState.READY}
    story.end_leg(call)
    story.pass_time(10.0)
    assert team.figures(0.0).ready == 3
    assert LOCAL not in story.board.dispatch.seats.pools
    assert story.all(PoolChanged)[-1].pool != LOCAL or story.all(PoolChanged)[-1].ready == 0


def test_lines_over_a_trunk_follow_its_number_and_capacity(story: Story) -> None:
    far = replace(HOTLINE.pools[CHENGDU], number="8002", capacity=3)
    story.reload(replace(HOTLINE, version="far", pools={**HOTLINE.pools, CHENGDU: far}))
    lines = story.board.dispatch.seats.pools[CHENGDU].seats.values()
    assert [line.to for line in lines] == [TrunkLine(CHENGDU, "8002")] * 3


# --- queues -----------------------------------------------------------------------------------------------------


def test_who_waits_in_a_queue_that_is_gone_is_served_by_its_old_plan(story: Story) -> None:
    story.only_agents()
    waiting = story.enqueue("3")
    story.reload(one_queue(HOTLINE))
    assert story.state(waiting) is CallState.WAITING
    assert len(story.board.dispatch.queues[QueueName("complaint")]) == 1
    story.only_agents("1001")
    assert story.seat(waiting) == "1001"  # who sits in another pool now
    story.pick_up(waiting)
    story.hang_up(waiting)
    assert set(story.board.dispatch.queues) == {"all"}
    gone = [notice for notice in story.all(QueueChanged) if notice.queue == "complaint"]
    assert gone[-1].waiting == 0


def test_who_is_in_an_old_menu_may_still_go_to_a_queue_that_is_gone(story: Story) -> None:
    call = story.dial()
    story.reload(one_queue(HOTLINE))
    story.listen(call)
    story.press(call, "3")
    assert story.call(call).queue == "complaint"
    assert story.offers()[-1][0] == call


def test_a_new_plan_holds_for_those_who_wait_already(story: Story) -> None:
    story.only_agents()
    first, second = story.enqueue("2"), story.enqueue("3")
    queues = {name: replace(queue, priority=-queue.priority) for name, queue in HOTLINE.queues.items()}
    story.reload(replace(HOTLINE, version="upside-down", queues=queues))
    story.only_agents("1001")
    assert [call for call, _ in story.offers()] == [first]
    assert story.state(second) is CallState.WAITING


def test_a_trunk_that_is_gone_serves_only_those_who_talk_over_it(story: Story) -> None:
    story.only_agents(trunk=True)
    call = talk(story)
    story.reload(without_trunk(HOTLINE))
    other = story.enqueue()
    assert story.state(other) is CallState.WAITING
    assert story.state(call) is CallState.TALKING
    story.hang_up(call)
    assert CHENGDU not in story.board.dispatch.seats.pools


def test_a_pool_or_queue_is_as_the_first_version_says_that_has_it() -> None:
    plan = plan_of([TWO, HOTLINE])
    assert plan.pools[LOCAL].agents == ("1001", "1002")
    assert "1003" not in plan.places
    old = plan_of([one_queue(HOTLINE), HOTLINE])
    assert old.places[SeatId("1001")] == TEAM
    assert old.places[SeatId("1003")] == LOCAL
    assert old.queues[QueueName("general")].pools == (LOCAL, CHENGDU, TEAM)
    assert old.queues[QueueName("all")] == QueuePlan(QueueName("all"), in_turn(TEAM), wrap_up=0.0)


# --- versions ---------------------------------------------------------------------------------------------------


def test_a_call_goes_on_at_its_step_by_its_own_version_after_a_kill(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.reload(without_step(HOTLINE))
    story.replace_engine()
    assert story.call(call).hotline is HOTLINE
    assert story.call(call).step == "main"
    assert story.dial() != call


def test_an_engine_that_lacks_a_calls_version_goes_on_with_its_own(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    story.reload(TWO)
    story.kill_engine(remembers=False)
    story.deliver_all()
    assert (story.call(call).hotline.version, story.call(call).step) == (TWO.version, "main")


def test_an_agent_taken_out_goes_on_talking_after_a_kill(story: Story) -> None:
    story.only_agents("1003")
    call = talk(story)
    story.reload(TWO)
    story.replace_engine()
    assert story.state(call) is CallState.TALKING
    assert story.joined(call)
    story.end_leg(call)
    assert seats(story) == {"1001", "1002"}


def test_the_version_rides_on_the_line(story: Story) -> None:
    call = story.dial()
    story.listen(call)
    saved = [order for order in story.ordered(SaveState) if order.call == call][-1]
    assert saved.state.version == HOTLINE.version


@pytest.mark.parametrize("order", [DialplanSwitched("?", "Li"), CanaryOrdered("?", 10, "Li")])
def test_a_version_nobody_offered_changes_nothing(story: Story, order: DialplanSwitched | CanaryOrdered) -> None:
    story.tell(order)
    assert story.board.hotline is HOTLINE
    assert story.board.versions.canary is None
    assert story.troubles() == ["version ? is not known"]


def test_the_crisis_that_is_on_cannot_be_taken_away(story: Story) -> None:
    story.tell(CrisisOrdered("recall", "Li", "why"))
    story.reload(SHORT)
    assert story.board.hotline is HOTLINE
    assert "'recall' is on" in story.troubles()[0]
    assert story.hears(story.dial()).startswith("您好，召回")


def test_a_switch_is_told_with_what_was_before(story: Story) -> None:
    story.reload(TWO)
    (told,) = story.all(DialplanChanged)
    assert (told.version, told.before, told.by) == (TWO.version, HOTLINE.version, "admin")


def test_versions_nobody_uses_are_forgotten_in_the_end(story: Story) -> None:
    call = story.dial()
    for number in range(20):
        story.reload(replace(HOTLINE, version=f"v{number}"))
    known = story.board.versions.known
    assert len(known) < 10
    assert HOTLINE.version in known  # his
    assert "v19" in known
    story.hang_up(call)


# --- on trial ---------------------------------------------------------------------------------------------------


def test_both_versions_take_calls_and_a_number_only_one_has_leads_there(story: Story) -> None:
    trial = replace(HOTLINE, version="trial", numbers=(NUMBER, "777"))
    story.canary(trial, 50)
    calls = [story.dial() for _ in range(40)]
    versions = [story.call(call).hotline.version for call in calls]
    assert 8 < versions.count("trial") < 32
    assert story.call(story.dial("777")).hotline is trial


def test_pools_and_queues_are_those_that_run_until_the_trial_is_accepted(story: Story) -> None:
    story.canary(TWO, 50)
    assert "1003" in seats(story)
    story.reload(TWO)
    assert "1003" not in seats(story)
    assert story.all(CanaryChanged)[-1].state == "accepted"


def test_a_trial_is_taken_back_by_itself_when_callers_hang_up_in_its_menu(story: Story) -> None:
    story.canary(without_step(HOTLINE), 50)
    for _ in range(400):
        call = story.dial()
        if story.call(call).hotline is HOTLINE:
            story.listen(call)
            story.press(call, "2")
        story.hang_up(call)
    told = [notice for notice in story.all(CanaryChanged) if notice.state != "on"]
    assert [notice.state for notice in told] == ["taken back"]
    assert told[0].p_value < 0.01
    assert told[0].calls == told[0].left_in_menu >= 30
    assert {story.call(story.dial()).hotline.version for _ in range(20)} == {HOTLINE.version}


def test_a_trial_without_the_profile_ends_when_the_crisis_begins(story: Story) -> None:
    story.canary(SHORT, 50)
    story.tell(CrisisOrdered("recall", "Li", "why"))
    assert story.board.versions.canary is None
    assert "no crisis profile" in story.all(CanaryChanged)[-1].why
    story.canary(SHORT, 50)
    assert story.board.versions.canary is None


@pytest.mark.parametrize("percent", [0, 51, 100])
def test_a_trial_for_most_callers_is_none(story: Story, percent: int) -> None:
    story.canary(TWO, percent)
    assert story.board.versions.canary is None
    assert "cannot be on trial" in story.troubles()[0]
