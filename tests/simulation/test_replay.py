"""A journal lived through again gives the very same orders; those of old incidents still replay without a fault."""

import random
from pathlib import Path

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model.commands import HangUpCall, HangUpLeg, Join, RingSeat, SaveState
from ivr_engine.model.crises import (
    ActiveCrisis,
    CrisisState,
    LiveStatus,
    Proposal,
    RunningClock,
    Scope,
    StoppedArm,
    Switch,
    TriggerMemory,
)
from ivr_engine.model.events import (
    AnyEvent,
    ArmOrdered,
    ClockAnswered,
    CrisisOrdered,
    CrisisRemembered,
    ProposalAnswered,
    SignalSeen,
    StatusOrdered,
    UsualSeen,
)
from ivr_engine.model.ids import AskId, StepName
from ivr_engine.model.notices import CrisisAnswered
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.runtime.journal import Journal, JournalLine, read_journal
from ivr_engine.simulator.replay import replay
from tests.simulation.stories import Story
from tests.simulation.variants import variants_of
from tests.simulation.world import World, acme

HOTLINE = acme()
HISTORIES = sorted((Path(__file__).parent / "journals").glob("*.jsonl"))


def a_busy_hour(story: Story, seed: int) -> None:
    """Callers, agents, a crisis, a lost link and a killed engine, by chance."""
    chance = random.Random(seed)
    for minute in range(60):
        call = story.dial(caller=f"138****{minute:04}")
        story.listen(call)
        story.press(call, chance.choice("12309"))
        for other in list(story.board.calls):
            leg = story.board.calls[other].leg
            if leg is not None and chance.random() < 0.5:
                story.pick_up(other)
            elif chance.random() < 0.3:
                story.hang_up(other)
        if minute % 20 == 5:
            story.lose_link()
            story.restore_link()
        if minute % 20 == 10:
            story.tell(CrisisOrdered(chance.choice(["recall", None]), "duty", "drill"))
        story.pass_time(chance.choice([1.0, 7.0, 20.0]))


def written(world: World, path: Path) -> Path:
    journal = Journal(path, HOTLINE.version)
    for now, fact in world.log:
        journal.note(fact, now)
    journal.close()
    return path


@pytest.mark.parametrize("seed", range(3))
def test_a_journal_replayed_gives_the_very_same_orders(tmp_path: Path, seed: int) -> None:
    story = Story(HOTLINE)
    a_busy_hour(story, seed)
    orders = replay(written(story, tmp_path / "journal.jsonl"), HOTLINE)
    assert len(orders) > 300
    assert orders == story.orders


def test_a_crisis_replayed_gives_the_very_same_orders(tmp_path: Path) -> None:
    crises = load(Path(__file__).parent / "hotlines" / "crises", NODE_TYPES)
    story = Story(crises)
    on = ActiveCrisis("recall", "major", Scope(numbers=("4000000401",)), "duty", "", 1.0, 1.0, story.now + 90)
    off = Switch("recall", on=False)
    before = CrisisState(
        (on,),
        (Proposal("7", off, "trigger gone", "", 1.0, story.now + 60),),
        (RunningClock("recall", "verify", "general", story.now, story.now + 20),),
        (LiveStatus("normal", {"zh-CN": "正在抢修。"}, "duty", 1.0, story.now + 5, story.now + 50),),
        (StoppedArm(StepName("arms"), "a", "duty", 1.0, "worse"),),
        {"rush": TriggerMemory(True, 1.0, story.now + 9)},
        7,
    )
    ask = AskId("a")
    facts: tuple[AnyEvent, ...] = (
        CrisisRemembered(before),
        UsualSeen({"1": (1,) * 288, "7": (2,) * 288}, closed=(2,)),
        CrisisOrdered("outage", "tester", "down", level="critical", until=story.now + 600, ask=ask),
        ProposalAnswered("8", True, "another", "yes", ask),
        StatusOrdered("outage", {"zh-CN": "修好了80%。"}, "another", until=story.now + 100, waiting_only=True, ask=ask),
        ClockAnswered("recall", "verify", "tester", "done", ask),
        ArmOrdered(StepName("arms"), "a", False, "tester", "again", ask),
        SignalSeen("posts", "1", "monitor", 2, "着火了"),
    )
    for fact in facts:
        story.enqueue("2")
        story.tell(fact)
        story.pass_time(10)
    assert all(answer.ok for answer in story.all(CrisisAnswered)), story.all(CrisisAnswered)
    assert replay(written(story, tmp_path / "journal.jsonl"), crises) == story.orders


def test_each_engines_part_of_a_journal_is_replayed_by_itself(tmp_path: Path) -> None:
    journal, story = tmp_path / "journal.jsonl", Story(HOTLINE)
    call = story.enqueue()
    story.pick_up(call)
    written(story, journal)
    first, story.log = len(story.log), []
    story.replace_engine()
    story.end_leg(call)
    written(story, journal)
    assert replay(journal, HOTLINE) == story.orders
    assert len(story.orders) > first


def test_a_journal_with_reloads_is_replayed_with_the_versions_it_names(tmp_path: Path) -> None:
    story, others = Story(HOTLINE), variants_of(HOTLINE)
    for number, version in enumerate(others):
        story.listen(story.dial())
        (story.canary if number % 3 == 1 else story.reload)(version)
        call = story.dial()
        story.listen(call)
        story.press(call, "1")
        story.pass_time(7.0)
    assert replay(written(story, tmp_path / "journal.jsonl"), HOTLINE, *others) == story.orders


def test_a_masked_number_changes_the_number_shown_and_no_decision(tmp_path: Path) -> None:
    story = Story(HOTLINE)
    call = story.exchange.dial("4000000400", "13812345678")
    story.deliver_all()
    story.listen(call)
    story.press(call, "1")
    orders = replay(written(story, tmp_path / "journal.jsonl"), HOTLINE)
    assert [[type(order) for order in fact] for fact in orders] == [[type(o) for o in fact] for fact in story.orders]
    (ring,) = [order for fact in orders for order in fact if isinstance(order, RingSeat)]
    assert ring.caller == "138****5678"


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
def test_a_history_still_replays_and_leads_to_conversations(history: Path) -> None:
    orders = [order for fact in replay(history, HOTLINE) for order in fact]
    for kind in (RingSeat, Join, SaveState, HangUpLeg, HangUpCall):
        assert any(isinstance(order, kind) for order in orders), f"no {kind.__name__} any more"


@pytest.mark.parametrize("history", HISTORIES, ids=lambda path: path.stem)
def test_a_history_shows_nobodys_number(history: Path) -> None:
    text = history.read_text("utf-8")
    assert text.count('"caller":"138****') == text.count('"caller":"')
    assert sum(isinstance(line, JournalLine) for line in read_journal(history)) > 20


def test_there_is_a_history() -> None:
    assert HISTORIES
