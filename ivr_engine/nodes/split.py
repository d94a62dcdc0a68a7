"""This file decides which arm of an experiment a caller is in. It does not know which arm does better."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named, OwnKey, Place
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.scalars import Flag, Name, Tag, Whole
from ivr_engine.dialplan.steps import Target
from ivr_engine.model.ids import StepName
from ivr_engine.nodes._node import Caller, GoTo, Reply, Signal, TakeArm


@dataclass(frozen=True, slots=True)
class Arm:
    """One way through an experiment, for `share` of a hundred callers."""

    share: Annotated[int, Whole(0, 100)]
    then: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Divides callers among arms by chance. A caller stays in his arm whenever he calls; one without a number may not.

    When shares change, only as many callers change their arm as must. An arm in which surely more callers hang up than
    in the others is stopped, unless there is no `guard`: who would come to it comes to another, and stays there.
    """

    WORD: ClassVar[str] = "split"

    arms: Annotated[Mapping[Tag, Arm], Named("split")]
    guard: Annotated[bool, Flag()] = True
    step: Annotated[StepName, Name(ascii_only=False), OwnKey()]

    def judge(self, at: Place) -> None:
        """Tell of shares that are not everybody."""
        total = sum(arm.share for arm in self.arms.values())
        if total != 100:
            message = f"the shares of {at.reader.where} add up to {total}"
            at.reader.refuse(at.of("split"), "E322", message, "let them add up to 100")

    def enter(self, caller: Caller) -> Reply:
        """Take the caller's arm."""
        name = self.arm_of(caller.caller or caller.call, caller.stopped_arms.get(self.step, frozenset()))
        return Reply(orders=(TakeArm(self.step, name),), exit=GoTo(self.arms[name].then))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)

    def arm_of(self, who: str, stopped: Collection[str] = ()) -> str:
        """The arm of a caller, none of those `stopped` unless all are. Another split divides callers in another way."""
        names = [name for name, arm in self.arms.items() if arm.share]
        seed = f"{self.step} {who}"
        first = name = self._drawn(names, seed)
        while name in stopped and len(names) > 1:
            names.remove(name)
            seed = f"{seed} {name}"  # whoever is in none of them is not moved
            name = self._drawn(names, seed)
        return first if name in stopped else name

    def _drawn(self, names: list[str], seed: str) -> str:
        digest = sha256(seed.encode("utf-8", "replace")).digest()
        left = int.from_bytes(digest[:8], "big") / 2**64 * sum(self.arms[name].share for name in names)
        for name in names:
            left -= self.arms[name].share
            if left < 0:
                return name
        return names[-1]


def splits_in(hotline: Hotline[Any]) -> Mapping[StepName, Split]:
    """Every experiment of a hotline; of several steps of one name the first."""
    flows = (hotline.normal, *hotline.crises.values())
    found: dict[StepName, Split] = {}
    for name, node in ((name, node) for flow in flows for name, node in flow.steps.items()):
        if isinstance(node, Split):
            found.setdefault(name, node)
    return found


@dataclass(frozen=True, slots=True)
class Experiment:
    """The shares of a split's arms, and whether a bad one is stopped."""

    shares: Mapping[str, int]
    guard: bool


def experiments_in(hotline: Hotline[Any]) -> Mapping[StepName, Experiment]:
    """Every experiment of a hotline. Where a profile has a step of the same name, what the normal flow says counts."""
    found: dict[StepName, Experiment] = {}
    for flow in (hotline.normal, *hotline.crises.values()):
        for name, node in flow.steps.items():
            if isinstance(node, Split):
                known = found.get(name)
                shares = {arm: one.share for arm, one in node.arms.items()} | dict(known.shares if known else {})
                found[name] = Experiment(shares, known.guard if known else node.guard)
    return found


def arms_in(hotline: Hotline[Any]) -> Mapping[StepName, tuple[str, ...]]:
    """Every experiment of a hotline, and its arms."""
    return {name: tuple(experiment.shares) for name, experiment in experiments_in(hotline).items()}
