"""This file decides which version of the hotline a call gets, and how long a version lives. It does not know files.

A call keeps the version it began with to its end. Which versions there are comes in beforehand (`offer`); which of
them runs is a fact like all others, so that a journal replayed with the same versions leads to the same orders.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ivr_engine.core.canary import MOST_PERCENT, Canary, State
from ivr_engine.core.outbox import Outbox
from ivr_engine.core.plan import Plan, plan_of
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.lookups import LookupPlan
from ivr_engine.model.crises import ActiveCrisis
from ivr_engine.model.events import CanaryOrdered, DialplanSwitched
from ivr_engine.model.ids import CallId, LookupName, PoolName, StepName
from ivr_engine.model.notices import DialplanChanged, TroubleKind
from ivr_engine.nodes import Node
from ivr_engine.nodes.split import Split, splits_in

MOST_IDLE = 5  # versions remembered without any call of theirs


class Versions:
    """The versions of one hotline: the one that runs, the one on trial, and those of calls that go on."""

    def __init__(self, out: Outbox, hotline: Hotline[Node]) -> None:
        self._out = out
        self.running = hotline
        self.canary: Canary | None = None
        self._known = {hotline.version: hotline}  # the newest last
        self._calls: Counter[str] = Counter()
        self._splits = (hotline, splits_in(hotline))

    @property
    def splits(self) -> Mapping[StepName, Split]:
        """The experiments new callers may come to."""
        if self._splits[0] is not self.running:
            self._splits = self.running, splits_in(self.running)
        return self._splits[1]

    @property
    def known(self) -> tuple[str, ...]:
        """The names of those that can be switched to."""
        return tuple(self._known)

    def offer(self, hotline: Hotline[Node]) -> None:
        """Let a version be known; nothing changes by that."""
        self._known.pop(hotline.version, None)
        self._known[hotline.version] = hotline
        idle = [name for name in self._known if not self._is_used(name)]
        for name in idle[:-MOST_IDLE]:
            del self._known[name]

    def named(self, version: str) -> Hotline[Node] | None:
        """The version of that name; None when it is not known any more."""
        return self._known.get(version)

    # --- calls ----------------------------------------------------------------------------------------------

    def for_call(self, call: CallId, number: str, *, is_judged: bool = True) -> Hotline[Node]:
        """The version a new call gets. A number that only one version has leads to that one.

        `is_judged`: what becomes of it says something of the version on trial.
        """
        canary = self.canary
        if canary is None:
            return self.running
        has_new, has_old = number in canary.hotline.numbers, number in self.running.numbers
        if has_new != has_old:
            return canary.hotline if has_new else self.running
        is_new = canary.takes(call)
        if has_new and is_judged:
            canary.watch(call, self._out.now, is_new=is_new)
        return canary.hotline if is_new else self.running

    def begins(self, version: Hotline[Node]) -> bool:
        """A call of that version goes on from here. True if the version lives again by it."""
        was_used = self._is_used(version.version)
        self._calls[version.version] += 1
        return not was_used

    def ends(self, version: Hotline[Node]) -> bool:
        """A call of that version is over. True if the version ends with it."""
        self._calls[version.version] -= 1
        if self._calls[version.version] > 0:
            return False
        del self._calls[version.version]
        return not self._is_used(version.version)

    @property
    def trunks(self) -> frozenset[PoolName]:
        """The trunks of all versions in use."""
        return frozenset(trunk for version in self._in_use() for trunk in version.trunks)

    @property
    def lookups(self) -> Mapping[LookupName, LookupPlan]:
        """What other systems may be asked in all versions in use; the newer version has the say."""
        return {name: plan for version in reversed(self._in_use()) for name, plan in version.lookups.items()}

    def plan(self, crises: Sequence[ActiveCrisis] = ()) -> Plan:
        """The pools, seats and queues of all versions in use, while these crises are on."""
        return plan_of(self._in_use(), crises)

    def _in_use(self) -> list[Hotline[Node]]:
        """In the order in which they count."""
        current = [self.running, *([self.canary.hotline] if self.canary else [])]
        names = [one.version for one in current]
        others = [one for name, one in self._known.items() if self._calls[name] > 0 and name not in names]
        return [*current, *reversed(others)]

    def _is_used(self, version: str) -> bool:
        on_trial = self.canary is not None and self.canary.hotline.version == version
        return version == self.running.version or on_trial or self._calls[version] > 0

    # --- switching ------------------------------------------------------------------------------------------

    def ordered(self, order: DialplanSwitched | CanaryOrdered, profiles: Iterable[str]) -> None:
        """Switch to another version, or begin or end a trial. What cannot be is told, and changes nothing.

        `profiles` are the crises that are on: a version without one of them does not fit.
        """
        new = self._known.get(order.version) if order.version is not None else None
        if order.version is None:
            self.end_canary("stopped", order.by, "ordered")
        elif new is None:
            self._refuse(f"version {order.version} is not known")
        elif missing := [profile for profile in profiles if profile not in new.crises]:
            what = f"the crisis profile {missing[0]!r} is on, and version {order.version} has none of that name"
            self._refuse(what)
        elif isinstance(order, DialplanSwitched):
            self._switch(new, order.by)
        else:
            self._try(new, order)

    def _switch(self, new: Hotline[Node], by: str) -> None:
        if self.canary is not None:
            accepted = self.canary.hotline.version == new.version
            self.end_canary("accepted" if accepted else "stopped", by, "" if accepted else "another version runs")
        before, self.running = self.running.version, new
        self._out.tell(DialplanChanged(new.version, self._out.now, by, before))

    def _try(self, new: Hotline[Node], order: CanaryOrdered) -> None:
        if new.version == self.running.version or not 1 <= order.percent <= MOST_PERCENT:
            self._refuse(f"version {new.version} cannot be on trial for {order.percent} % of the calls")
            return
        self.end_canary("stopped", order.by, "another version is on trial")
        self.canary = Canary(new, order.percent, order.by, self._out.now)

    def judge(self) -> bool:
        """Look at the version on trial. True if it was taken back."""
        if self.canary is None:
            return False
        for notice in self._out.told():
            self.canary.hear(notice)
        if self.canary.is_worse(self._out.now):
            self.end_canary("taken back", "the engine", "more callers hang up in the menu")
            return True
        if self.canary.changed():
            self._out.tell(self.canary.figures(self._out.now))
        return False

    def end_canary_without(self, profile: str) -> None:
        """End a trial of a version that lacks a crisis profile which comes on."""
        if self.canary is not None and profile not in self.canary.hotline.crises:
            self.end_canary("stopped", "the engine", f"it has no crisis profile {profile!r}")

    def end_canary(self, state: State, by: str, why: str) -> None:
        """End the trial, if there is one. Its calls go on with its version."""
        if self.canary is not None:
            self._out.tell(self.canary.figures(self._out.now, state, by, why))
            self.canary = None

    def _refuse(self, why: str) -> None:
        self._out.trouble(TroubleKind.DIALPLAN_REFUSED, why)
