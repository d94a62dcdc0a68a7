"""This file decides which arm of an experiment a caller is in. It does not know which arm does better."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, ClassVar

from ivr_engine.dialplan.fields import Named, OwnKey, Place
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.scalars import Name, Tag, Whole
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

    When shares change, only as many callers change their arm as must.
    """

    WORD: ClassVar[str] = "split"

    arms: Annotated[Mapping[Tag, Arm], Named("split")]
    step: Annotated[StepName, Name(ascii_only=False), OwnKey()]

    def judge(self, at: Place) -> None:
        """Tell of shares that are not everybody."""
        total = sum(arm.share for arm in self.arms.values())
        if total != 100:
            message = f"the shares of {at.reader.where} add up to {total}"
            at.reader.refuse(at.of("split"), "E322", message, "let them add up to 100")

    def enter(self, caller: Caller) -> Reply:
        """Take the caller's arm."""
        name = self.arm_of(caller.caller or caller.call)
        return Reply(orders=(TakeArm(self.step, name),), exit=GoTo(self.arms[name].then))

    def handle(self, state: Any, signal: Signal, caller: Caller) -> Reply:
        """Nothing can happen here: the caller is gone already."""
        del signal, caller
        return Reply(state)

    def arm_of(self, who: str) -> str:
        """The arm of a caller. Another split divides the same callers in another way."""
        digest = sha256(f"{self.step} {who}".encode("utf-8", "replace")).digest()
        left = int.from_bytes(digest[:8], "big") / 2**64 * 100
        names = [name for name, arm in self.arms.items() if arm.share]
        for name in names:
            left -= self.arms[name].share
            if left < 0:
                return name
        return names[-1]


def arms_in(hotline: Hotline[Any]) -> Mapping[StepName, tuple[str, ...]]:
    """Every experiment of a hotline, and its arms."""
    found: dict[StepName, dict[str, None]] = {}
    for flow in (hotline.normal, *hotline.crises.values()):
        for name, node in flow.steps.items():
            if isinstance(node, Split):
                found.setdefault(name, {}).update(dict.fromkeys(node.arms))
    return {name: tuple(arms) for name, arms in found.items()}
