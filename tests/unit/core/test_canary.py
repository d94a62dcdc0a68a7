"""A version in which callers hang up is taken back soon; one that is as good almost never, however often one looks."""

import random
from dataclasses import replace

import pytest

from ivr_engine.core.canary import Canary
from ivr_engine.core.evidence import Evidence
from ivr_engine.core.judging import FEWEST_CALLS, PATIENCE_SECONDS, SURE_BELOW
from ivr_engine.model.causes import Outcome
from ivr_engine.model.ids import CallId, QueueName
from ivr_engine.model.notices import CallRecord, Ended, Queued
from tests.simulation.world import acme

NEW = replace(acme(), version="new")
START = 1_800_000_000.0


def looked_at_after_every_call(percent: int, old: float, new: float, calls: int, chance: random.Random) -> int | None:
    """The number of calls after which the canary was taken back; None if it was not."""
    size = round((100 - percent) / percent)
    evidence, count = Evidence(), [0, 0]
    olds: list[bool] = []
    news: list[bool] = []
    for number in range(1, calls + 1):
        is_new = chance.random() * 100 < percent
        count[is_new] += 1
        (news if is_new else olds).append(chance.random() < (new if is_new else old))
        while news and len(olds) >= size:
            evidence.block([news.pop(0)], [olds.pop(0) for _ in range(size)])
        if min(count) >= FEWEST_CALLS and evidence.p_value < SURE_BELOW:
            return number
    return None


@pytest.mark.parametrize(("percent", "share"), [(10, 0.05), (10, 0.2), (50, 0.2), (25, 0.9)])
def test_a_version_as_good_as_the_other_is_almost_never_taken_back(percent: int, share: float) -> None:
    chance = random.Random(percent)
    runs = 400
    wrong = sum(looked_at_after_every_call(percent, share, share, 1000, chance) is not None for _ in range(runs))
    assert wrong <= runs * 0.02


def test_a_better_version_is_never_taken_back() -> None:
    chance = random.Random(1)
    assert all(looked_at_after_every_call(10, 0.3, 0.2, 2000, chance) is None for _ in range(100))


@pytest.mark.parametrize(("percent", "share", "within"), [(10, 0.2, 2500), (25, 0.2, 1200), (50, 0.2, 900)])
def test_twice_as_many_hang_ups_are_found_soon(percent: int, share: float, within: int) -> None:
    chance = random.Random(percent)
    found = [looked_at_after_every_call(percent, share, 2 * share, within, chance) for _ in range(100)]
    assert sum(one is not None for one in found) >= 95


def test_evidence_is_a_fair_bet_when_both_are_alike() -> None:
    """Its expectation after a block is at most what it was: worked out over all outcomes, not drawn."""
    for share in (0.02, 0.2, 0.5, 0.97):
        expected = 0.0
        for new in (False, True):
            for left in range(4):
                evidence = Evidence()
                old = [True] * left + [False] * (3 - left)
                evidence.block([new], old)
                ways = {0: 1, 1: 3, 2: 3, 3: 1}[left]
                chance = ways * share**left * (1 - share) ** (3 - left) * (share if new else 1 - share)
                expected += chance * evidence.strength
        assert expected <= 1.0 + 1e-9


# --- calls ------------------------------------------------------------------------------------------------------


def canary(percent: int = 50) -> Canary:
    return Canary(NEW, percent, "Li", START)


def ended(call: CallId, outcome: Outcome) -> Ended:
    record = CallRecord(call, "4000000400", "138", "normal", outcome, START, START + 1)
    return Ended(call, START + 1, record)


def name(number: int) -> CallId:
    return CallId(f"hotline-{number}.0")


@pytest.mark.parametrize("percent", [1, 10, 25, 50])
def test_a_share_of_the_calls_is_taken_by_their_names_alone(percent: int) -> None:
    first, second = canary(percent), canary(percent)
    taken = [first.takes(name(number)) for number in range(20_000)]
    assert taken == [second.takes(name(number)) for number in range(20_000)]
    assert sum(taken) / 200 == pytest.approx(percent, abs=1.0)
    other = Canary(replace(NEW, version="newer"), percent, "Li", START)
    assert taken != [other.takes(name(number)) for number in range(20_000)]  # not always the same callers suffer


def test_who_leaves_the_menu_for_a_queue_has_stayed_and_who_hangs_up_there_has_not() -> None:
    trial = canary()
    for number, is_new in enumerate((True, True, False, False)):
        trial.watch(name(number), START, is_new=is_new)
    trial.hear(Queued(name(0), START, QueueName("general"), 0))
    trial.hear(ended(name(0), Outcome.ABANDONED_IN_QUEUE))  # that is not the menu's fault
    trial.hear(ended(name(1), Outcome.ABANDONED_IN_MENU))
    trial.hear(ended(name(2), Outcome.COMPLETED_IN_MENU))
    trial.hear(ended(name(9), Outcome.ABANDONED_IN_MENU))  # one from before the trial
    assert not trial.is_worse(START)
    figures = trial.figures(START)
    assert (figures.calls, figures.left_in_menu, figures.other_calls, figures.other_left_in_menu) == (2, 1, 1, 0)


def test_calls_are_judged_in_the_order_they_came() -> None:
    """Callers of a shorter menu hang up sooner: that alone must not look like more of them."""
    trial = canary()
    trial.watch(name(0), START, is_new=False)
    for number in range(1, 100):
        trial.watch(name(number), START + number, is_new=True)
        trial.hear(ended(name(number), Outcome.ABANDONED_IN_MENU))
    assert not trial.is_worse(START + 100)
    assert trial.figures(START).calls == 0
    assert not trial.is_worse(START + PATIENCE_SECONDS + 1)  # he listens still: he stayed
    assert (trial.figures(START).calls, trial.figures(START).other_calls) == (99, 1)


def test_nothing_is_judged_by_a_handful_of_calls() -> None:
    trial = canary()
    for number in range(2 * FEWEST_CALLS - 2):
        call, is_new = name(number), number % 2 == 0
        trial.watch(call, START, is_new=is_new)
        trial.hear(ended(call, Outcome.ABANDONED_IN_MENU if is_new else Outcome.ANSWERED))
        assert not trial.is_worse(START)
    for number in (998, 999):
        trial.watch(name(number), START, is_new=number == 998)
        trial.hear(ended(name(number), Outcome.ANSWERED))
    assert trial.is_worse(START)


def test_figures_are_told_when_they_change_only() -> None:
    trial = canary()
    assert trial.changed()
    assert not trial.changed()
    trial.watch(name(1), START, is_new=True)
    trial.hear(ended(name(1), Outcome.ANSWERED))
    trial.is_worse(START)
    assert trial.changed()
