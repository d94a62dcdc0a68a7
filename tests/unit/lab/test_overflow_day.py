"""The shipped day of overflow: a donor pool opens once, closes once, and keeps seats for its own callers."""

from pathlib import Path

import pytest

from ivr_engine.dialplan.diagnostics import Findings
from ivr_engine.model.ids import PoolName, QueueName
from ivr_engine.model.notices import AnyNotice, OverflowChanged
from ivr_engine.simulator.lab import Laboratory, read_scenario

DAY = Path(__file__).parents[3] / "dialplans" / "lab" / "overflow.yaml"
GENERAL, MEMBERS, DONOR = QueueName("general"), QueueName("members"), PoolName("donor")


@pytest.mark.parametrize("seed", [1, 3])
def test_a_surge_opens_the_donor_once_and_its_own_callers_hardly_wait(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = read_scenario(DAY, Findings())
    assert scenario is not None
    laboratory, turns = Laboratory(scenario, seed), []
    told = laboratory.figures.told

    def hear(notice: AnyNotice) -> None:
        if isinstance(notice, OverflowChanged):
            turns.append((notice.queue, notice.pool, notice.open))
        told(notice)

    monkeypatch.setattr(laboratory.figures, "told", hear)
    results = laboratory.run()
    assert turns == [(GENERAL, DONOR, True), (GENERAL, DONOR, False)]
    members, general = results.queues[MEMBERS], results.queues[GENERAL]
    assert results.pools[DONOR].answered > members.answered, "it helps"
    assert members.in_time > 0.9 * members.offered
    assert members.in_time / members.offered > general.in_time / general.offered
