"""This file decides what becomes of a switch that waits for somebody's yes. It does not know what the switch does."""

from ivr_engine.core.crisis import alerts
from ivr_engine.core.outbox import Outbox, ProposalLapses
from ivr_engine.core.versions import Versions
from ivr_engine.model.alarms import CrisisProposed, ProposalClosed, ProposalOutcome
from ivr_engine.model.crises import Proposal, Switch
from ivr_engine.model.ids import TimerId

LAPSES_AFTER_SECONDS = 30 * 60.0  # who proposed it may have been wrong by then
SECOND_PERSON_SECONDS = 10 * 60.0  # two people who stand together


class Proposals:
    """What waits for a yes."""

    def __init__(self, out: Outbox, versions: Versions) -> None:
        self._out = out
        self._versions = versions
        self.open: dict[str, Proposal] = {}
        self.numbered = 0
        self._timers: dict[str, TimerId] = {}

    def make(self, switch: Switch, by: str, reason: str, *, other: bool) -> Proposal:
        """Propose a switch. The same one proposed again by the same is the one that waits."""
        for known in self.open.values():
            if (known.switch, known.by) == (switch, by):
                return known
        self.numbered += 1
        now = self._out.now
        lapses = now + (SECOND_PERSON_SECONDS if other else LAPSES_AFTER_SECONDS)
        proposal = Proposal(str(self.numbered), switch, by, reason, now, lapses, other)
        self._keep(proposal)
        self._out.tell(CrisisProposed(now, proposal))
        alerts.proposed(self._out, self._versions.running, proposal)
        return proposal

    def alike(self, switch: Switch, by: str) -> Proposal | None:
        """What somebody else, or a trigger, has proposed and is the same but for its end."""
        for known in self.open.values():
            wish = known.switch
            is_same = (wish.profile, wish.on, wish.level, wish.scope)
            if known.by != by and is_same == (switch.profile, switch.on, switch.level, switch.scope):
                return known
        return None

    def remember(self, proposals: tuple[Proposal, ...], numbered: int) -> None:
        """After a restart: those whose time is over lapse at once."""
        self.numbered = numbered
        for proposal in proposals:
            self._keep(proposal)

    def close(self, proposal: Proposal, outcome: ProposalOutcome, by: str, reason: str = "") -> None:
        """It does not wait any more."""
        del self.open[proposal.id]
        self._out.cancel(self._timers.pop(proposal.id, None))
        self._out.tell(ProposalClosed(self._out.now, proposal, outcome, by, reason))

    def lapse(self, name: str) -> None:
        """Nobody said yes in time."""
        proposal = self.open.get(name)
        if proposal is not None:
            self.close(proposal, "lapsed", "nobody")
            alerts.lapsed(self._out, self._versions.running, proposal)

    def _keep(self, proposal: Proposal) -> None:
        self.open[proposal.id] = proposal
        left = max(0.0, proposal.lapses_at - self._out.now)
        self._timers[proposal.id] = self._out.start_timer(left, ProposalLapses(proposal.id))
