"""This file decides which arms of experiments go on, and stops one in which callers hang up. It knows no way to them.

Each arm of a `split` that goes on is compared with all others of it together. It is stopped when it is surely worse:
looked at after every call, the chance that the guard ever stops one of arms that are all alike is at most 1 % (ADR
0021; divided among the arms). With an arm stopped the rest are compared anew. Running evidence does not survive the
engine: what is thrown away makes nobody wrong, only later. What is stopped does survive it.
"""

from collections.abc import Iterable, Mapping

import msgspec

from ivr_engine.core.crisis.trial import Trial
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.versions import Versions
from ivr_engine.model.alarms import ArmChanged
from ivr_engine.model.crises import StoppedArm
from ivr_engine.model.events import ArmOrdered
from ivr_engine.model.ids import StepName
from ivr_engine.model.notices import AnyNotice, ArmTaken
from ivr_engine.nodes.split import Experiment, experiments_in

GUARD, DIALPLAN = "the guard", "the dialplan"


class Arms:
    """The experiments of the version that runs. `closed` are the arms nobody new comes to, by split."""

    def __init__(self, out: Outbox, versions: Versions) -> None:
        self._out = out
        self._versions = versions
        self.stopped: dict[tuple[StepName, str], StoppedArm] = {}
        self.closed: Mapping[StepName, frozenset[str]] = {}
        self._version = ""
        self._experiments: Mapping[StepName, Experiment] = {}
        self._trials: dict[StepName, Trial] = {}

    # --- what comes in --------------------------------------------------------------------------------------

    def hear(self, notices: Iterable[AnyNotice]) -> bool:
        """Learn what became of callers. True if an arm was stopped by it, or is in no dialplan any more."""
        before = dict(self.stopped)
        self._keep_up()
        if self._trials:
            for notice in notices:
                if isinstance(notice, ArmTaken) and notice.split in self._trials:
                    self._trials[notice.split].watch(notice.call, self._out.now, notice.arm)
                for trial in self._trials.values():
                    trial.hear(notice)
        for split, trial in list(self._trials.items()):
            worst = trial.judge(self._out.now)
            if worst is not None and self._experiments[split].guard:
                self._stop(StoppedArm(split, worst, GUARD, self._out.now, trial.in_words(worst)))
            elif trial.is_due(self._out.now):
                self._tell_all(trial)
        return self.stopped != before

    def why_not(self, order: ArmOrdered) -> str | None:
        """Why an arm cannot be stopped or resumed, with the remedy; None if it can."""
        self._keep_up()
        experiment, stopped = self._experiments.get(order.split), self.stopped.get((order.split, order.arm))
        if experiment is None:
            return f"there is no experiment {order.split!r}: known is {', '.join(self._experiments) or 'none'}"
        if order.arm not in experiment.shares:
            return f"{order.split} has no arm {order.arm!r}: choose of {', '.join(experiment.shares)}"
        if not order.stop:
            return None if stopped else f"{order.arm} goes on already: nothing was changed"
        if stopped is not None:
            return f"{order.arm} is stopped already, by {stopped.by}: nothing was changed"
        if set(self._going_on(order.split)) <= {order.arm}:
            return f"{order.arm} is the last arm that goes on: resume another first, or change the dialplan"
        return None

    def take(self, order: ArmOrdered) -> None:
        """Stop or resume an arm. It was asked before whether it can be."""
        if order.stop:
            self._stop(StoppedArm(order.split, order.arm, order.by, self._out.now, order.reason))
        else:
            self._resume(self.stopped[order.split, order.arm], order.by, order.reason)

    def remember(self, stopped: tuple[StoppedArm, ...]) -> None:
        """After a restart: nobody new comes to these."""
        self._keep_up()
        self.stopped = {(one.split, one.arm): one for one in stopped if self._is_known(one)}
        for split in dict.fromkeys(split for split, _ in self.stopped):
            self._begin_anew(split)
        for one in self.stopped.values():
            self._tell(one.split, one.arm, "stopped", one.by, one.why)

    def figures(self) -> tuple[ArmChanged, ...]:
        """How each arm stands now."""
        self._keep_up()
        arms = ((split, arm) for split, experiment in self._experiments.items() for arm in experiment.shares)
        return tuple(self._figures(split, arm) for split, arm in arms)

    # --- what goes on ---------------------------------------------------------------------------------------

    def _keep_up(self) -> None:
        """Go by the version that runs. What is stopped stays so while there is an arm of that name."""
        hotline = self._versions.running
        if hotline.version == self._version:
            return
        self._version, before, self._experiments = hotline.version, self._experiments, experiments_in(hotline)
        for one in [one for one in self.stopped.values() if not self._is_known(one)]:
            self._resume(one, DIALPLAN, "it has no such arm any more")
        self._trials = {split: trial for split, trial in self._trials.items() if split in self._experiments}
        for split, experiment in self._experiments.items():
            if before.get(split) != experiment:
                self._begin_anew(split)

    def _is_known(self, one: StoppedArm) -> bool:
        return one.split in self._experiments and one.arm in self._experiments[one.split].shares

    def _going_on(self, split: StepName) -> dict[str, int]:
        """The arms of a split that somebody new comes to, and their shares."""
        shares = self._experiments[split].shares
        return {arm: share for arm, share in shares.items() if share and (split, arm) not in self.stopped}

    def _begin_anew(self, split: StepName) -> None:
        """Others are compared from now on."""
        closed: dict[StepName, set[str]] = {}
        for one, arm in self.stopped:
            closed.setdefault(one, set()).add(arm)
        self.closed = {one: frozenset(arms) for one, arms in closed.items()}
        if split in self._experiments:
            self._trials[split] = Trial(split, self._going_on(split), self._out.now)

    def _stop(self, one: StoppedArm) -> None:
        self.stopped[one.split, one.arm] = one
        self._tell(one.split, one.arm, "stopped", one.by, one.why)
        self._begin_anew(one.split)

    def _resume(self, one: StoppedArm, by: str, why: str) -> None:
        del self.stopped[one.split, one.arm]
        self._begin_anew(one.split)
        self._tell(one.split, one.arm, "resumed", by, why)

    # --- what is told ---------------------------------------------------------------------------------------

    def _tell_all(self, trial: Trial) -> None:
        for arm in trial.arms:
            self._out.tell(trial.figures(arm, self._out.now))

    def _tell(self, split: StepName, arm: str, state: str, by: str, why: str) -> None:
        trial = self._trials.get(split)
        known = trial is not None and arm in trial.arms
        figures = trial.figures(arm, self._out.now) if trial and known else ArmChanged(split, arm, self._out.now, "on")
        self._out.tell(msgspec.structs.replace(figures, state=state, by=by, why=why))

    def _figures(self, split: StepName, arm: str) -> ArmChanged:
        now, one, trial = self._out.now, self.stopped.get((split, arm)), self._trials[split]
        if one is not None:
            return ArmChanged(split, arm, one.at, "stopped", one.by, one.why)
        return trial.figures(arm, now) if arm in trial.arms else ArmChanged(split, arm, now, "on")
