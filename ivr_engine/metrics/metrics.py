"""This file decides what each notice and each report of the runtime does to the figures. It does not know why.

It may be told things from other threads: the figures themselves lock.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from ivr_engine.metrics.crises import CrisisFigures
from ivr_engine.metrics.instruments import Instruments
from ivr_engine.metrics.messengers import MessengerFigures
from ivr_engine.metrics.openings import Openings
from ivr_engine.metrics.register import Bounded, Register
from ivr_engine.metrics.seats import SeatFigures
from ivr_engine.metrics.targets import Targets
from ivr_engine.metrics.triggers import TriggerFigures
from ivr_engine.metrics.versions import VersionFigures
from ivr_engine.model import notices
from ivr_engine.model.causes import CalledBack, Outcome
from ivr_engine.model.ids import LookupName, QueueName, StepName

NO_QUEUE = "none"
_SEAT_STATES = ("ready", "ringing", "talking", "wrap_up", "offline", "paused", "signed_out")
_ANSWERS = ("found", "not_found", "failed")
_YES_NO = ("yes", "no")
_CODES = ("done", "refused", "wrong_pin")
_COMMANDS = ("done", "refused", "unreadable")
_LAGS_KEPT = 60


class Metrics:
    """All figures of one engine. `clock` tells the seconds since 1970, `live_calls` how many calls go on."""

    def __init__(self, clock: Callable[[], float], live_calls: Callable[[], int]) -> None:
        self._clock = clock
        self._register = Register()
        self._is = Instruments(self._register)
        self.openings = Openings(self._is)
        self.messengers = MessengerFigures(self._is)
        self.triggers = TriggerFigures(self._is)
        self._is.live.set_function(live_calls)
        self._is.loop_lag.set_function(lambda: max(self._lags, default=0.0))
        self._lags: deque[float] = deque(maxlen=_LAGS_KEPT)
        self._oldest: dict[QueueName, float | None] = {}
        self._seats = SeatFigures(self._is)
        self.targets = Targets(self._is)
        self.crises = CrisisFigures(self._is)
        self.versions = VersionFigures(self._is)
        for state in _SEAT_STATES:
            self._is.agents.labels(state)
        for result in _CODES:
            self._is.agent_codes.labels(result)
        for result in _COMMANDS:
            self._is.mqtt_commands.labels(result)
        self._operation, self._result, self._type = Bounded(100), Bounded(30), Bounded(100)

    def render(self) -> tuple[bytes, str]:
        """All figures as Prometheus reads them, and their content type."""
        return self._register.render()

    def expect(self, *, flows: Iterable[str], queues: Iterable[QueueName], profiles: Iterable[str]) -> None:
        """Begin with zeros for what the dialplan names: a count that appears as 1 is no increase to Prometheus."""
        for flow in flows:
            self._is.arrived.labels(flow)
        for profile in profiles:
            self._is.crisis.labels(profile)
        for queue in queues:
            if queue not in self._oldest:
                self._queue(notices.QueueChanged(queue, 0.0, 0, None))
            self._is.waited.labels(queue)
            self._is.messages.labels(queue)
            self._is.wishes.labels(queue)
            for outcome in Outcome:
                self._is.ended.labels(_label(outcome), queue)
        for outcome in Outcome:
            self._is.ended.labels(_label(outcome), NO_QUEUE)
            self._is.drill_calls.labels(_label(outcome))
        for kind in notices.TroubleKind:
            self._is.trouble.labels(kind.value)
        self.versions.expect()

    def expect_lookups(self, lookups: Iterable[LookupName], systems: Iterable[str]) -> None:
        """The same for what other systems are asked."""
        for lookup in lookups:
            for answer in _ANSWERS:
                for remembered in _YES_NO:
                    self._is.lookups.labels(lookup, answer, remembered)
        for system in systems:
            self._is.system_seconds.labels(system)
            self._is.system_spared.labels(system)

    def expect_splits(self, splits: Mapping[StepName, Iterable[str]]) -> None:
        """Begin with zeros for the arms of each experiment."""
        for split, arms in splits.items():
            for arm in arms:
                self._is.split_calls.labels(split, arm)
                self._is.split_abandoned.labels(split, arm)
                self._is.split_stopped.labels(split, arm)

    # --- what the core tells --------------------------------------------------------------------------------

    def observe(self, notice: notices.AnyNotice) -> None:
        """Take a notice into the figures."""
        self.targets.observe(notice)
        self.messengers.observe(notice)
        self.crises.observe(notice)
        self.triggers.observe(notice)
        match notice:
            case notices.PoolChanged() | notices.QueueChanged() | notices.CrisisChanged() | notices.LinkChanged():
                self._state(notice)
            case notices.AgentChanged() | notices.CallsMissed():
                self._seats.observe(notice)
            case notices.OverflowChanged() | notices.PoolHealthChanged():
                self.openings.observe(notice)
            case _:
                self._of_calls(notice)

    def observe_drill(self, notice: notices.AnyNotice) -> None:
        """Take a notice of a drill call into the figures: it is counted, apart from callers'."""
        if isinstance(notice, notices.Ended):
            self._is.drill_calls.labels(_label(notice.record.outcome)).inc()

    def _of_calls(self, notice: notices.AnyNotice) -> None:
        match notice:
            case notices.Trouble(kind=kind):
                self._is.trouble.labels(kind.value).inc()
            case notices.Offered() | notices.Ringing() | notices.OfferEnded():
                self._seats.observe(notice)
            case notices.Arrived(flow=flow):
                self._is.arrived.labels(flow).inc()
            case notices.KeyPressed(step=step, understood=understood):
                self._is.keys.labels(step, "yes" if understood else "no").inc()
            case notices.Connected(queue=queue, waited=waited, again=False):
                self._is.waited.labels(queue).observe(waited)
            case notices.MessageLeft(queue=queue):
                self._is.messages.labels(queue).inc()
            case notices.CallBackRequested(queue=queue):
                self._is.wishes.labels(queue).inc()
            case notices.CallBackTried(queue=queue, result=result):
                self._is.called_back.labels(queue, _label(result)).inc()
            case notices.ArmTaken() | notices.ArmChanged() | notices.Ended():
                self._arms_and_end(notice)
            case _:
                self._of_talk(notice)

    def _of_talk(self, notice: notices.AnyNotice) -> None:
        match notice:
            case notices.Held(on=True):
                self._is.talks.labels("held").inc()
            case notices.SecondLine(state="there"):
                self._is.talks.labels("joined").inc()
            case notices.HandedOn():
                self._is.talks.labels("handed_on").inc()
            case notices.Listened(how="listen" | "whisper" | "barge" as how):
                self._is.listened.labels(how).inc()
            case notices.Disposed(tag=tag):
                self._is.dispositions.labels(tag).inc()
            case _:
                pass  # entering a step or a queue shows in other figures

    def _arms_and_end(self, notice: notices.ArmTaken | notices.ArmChanged | notices.Ended) -> None:
        if isinstance(notice, notices.ArmTaken):
            self._is.split_calls.labels(notice.split, notice.arm).inc()
            return
        if isinstance(notice, notices.ArmChanged):
            self._is.split_stopped.labels(notice.split, notice.arm).set(notice.state == "stopped")
            return
        record = notice.record
        self._seats.ended(record.call)
        self._is.ended.labels(_label(record.outcome), record.queue or NO_QUEUE).inc()
        if record.outcome is Outcome.ABANDONED_IN_MENU:
            for split, arm in record.arms.items():
                self._is.split_abandoned.labels(split, arm).inc()

    def _state(
        self, notice: notices.PoolChanged | notices.QueueChanged | notices.CrisisChanged | notices.LinkChanged
    ) -> None:
        match notice:
            case notices.PoolChanged(pool=pool):
                for state in _SEAT_STATES:
                    self._is.seats.labels(pool, state).set(getattr(notice, state))
            case notices.QueueChanged():
                self._queue(notice)
            case notices.CrisisChanged(profile=profile):
                if not notice.scope.drill:
                    self._is.crisis.labels(profile).set(notice.on)
            case notices.LinkChanged(up=up):
                self._is.link.set(up)

    def _queue(self, notice: notices.QueueChanged) -> None:
        queue = notice.queue
        if queue not in self._oldest:
            self._is.oldest.labels(queue).set_function(lambda: self._waiting_since(queue))
        self._oldest[queue] = notice.oldest_since
        self._is.waiting.labels(queue).set(notice.waiting)
        self._is.estimate.labels(queue).set(math.nan if notice.estimate is None else notice.estimate)

    def _waiting_since(self, queue: QueueName) -> float:
        since = self._oldest[queue]
        return 0.0 if since is None else max(0.0, self._clock() - since)

    # --- what the runtime tells -----------------------------------------------------------------------------

    def ari_request(self, operation: str, result: str, seconds: float) -> None:
        """A request to Asterisk ended."""
        operation = self._operation(operation)
        self._is.ari_requests.labels(operation, self._result(result)).inc()
        self._is.ari_seconds.labels(operation).observe(seconds)

    def event(self, kind: str) -> None:
        """A fact was told to the core."""
        self._is.events.labels(self._type(kind)).inc()

    def command(self, kind: str) -> None:
        """The core gave an order."""
        self._is.commands.labels(self._type(kind)).inc()

    def looked_up(self, lookup: LookupName, answer: str, remembered: bool) -> None:
        """A question about a caller was answered, or failed."""
        self._is.lookups.labels(lookup, answer.replace(" ", "_"), _YES_NO[not remembered]).inc()

    def system_asked(self, system: str, seconds: float) -> None:
        """A request to another system ended."""
        self._is.system_seconds.labels(system).observe(seconds)

    def system_spared(self, system: str, spared: bool) -> None:
        """A system is left alone for a while, or asked again."""
        self._is.system_spared.labels(system).set(spared)

    def loop_lag(self, seconds: float) -> None:
        """The event loop came back this late."""
        self._lags.append(seconds)

    def sealed(self) -> None:
        """A recording was sealed."""
        self._is.sealed.inc()

    def seal_failed(self) -> None:
        """A recording could not be sealed this time."""
        self._is.seal_failures.inc()

    def copied(self, ok: bool) -> None:
        """A sealed recording was copied to the second vault, or could not be this time."""
        (self._is.copied if ok else self._is.seal_failures).inc()

    def uncopied_from(self, count: Callable[[], int]) -> None:
        """Where to ask, at each look, for the recordings not copied yet."""
        self._is.uncopied.set_function(count)

    def unsealed_from(self, count: Callable[[], int], oldest_seconds: Callable[[float], float]) -> None:
        """Where to ask, at each look, for the recordings not sealed yet."""
        self._is.unsealed.set_function(count)
        self._is.unsealed_oldest.set_function(lambda: oldest_seconds(self._clock()))

    def what_waits(self, messages: Mapping[str, tuple[int, float]], wishes: Mapping[str, tuple[int, float]]) -> None:
        """What callers left and nobody has seen to, as just counted: by queue, how many, and the oldest one's time."""
        now = self._clock()
        for many, oldest, left in (
            (self._is.unheard, self._is.unheard_oldest, messages),
            (self._is.open_wishes, self._is.wishes_oldest, wishes),
        ):
            many.clear()
            oldest.clear()
            for queue in {*self._oldest, *left}:
                count, since = left.get(queue, (0, now))
                many.labels(queue).set(count)
                oldest.labels(queue).set(max(0.0, now - since))

    def spool_free_from(self, share: Callable[[], float]) -> None:
        """Where to ask, at each look, how much of the spool is free."""
        self._is.spool_free.set_function(share)

    def stale_statuses_from(self, count: Callable[[], int]) -> None:
        """Where to ask, at each look, for announcements that are out of date."""
        self._is.status_stale.set_function(count)

    def mqtt_up(self, up: bool) -> None:
        """The broker came or went."""
        self._is.mqtt_up.set(up)

    def agent_code(self, result: str) -> None:
        """A code an agent dialled on his phone was carried out, refused, or had a wrong PIN."""
        self._is.agent_codes.labels(result).inc()

    def mqtt_command(self, result: str) -> None:
        """A command over MQTT was carried out, refused, or could not be read."""
        self._is.mqtt_commands.labels(result).inc()

    def mqtt_dropped(self, count: int) -> None:
        """Messages were dropped."""
        self._is.mqtt_dropped.inc(count)

    def store_up(self, up: bool) -> None:
        """The database came or went."""
        self._is.store_up.set(up)

    def journal_lost_from(self, count: Callable[[], int]) -> None:
        """Where to ask, at each look, for the journal's missing lines."""
        self._is.journal_lost.set_function(count)

    def store_backlog_from(self, count: Callable[[], int]) -> None:
        """Where to ask, at each look, for the records waiting."""
        self._is.store_backlog.set_function(count)


def _label(outcome: Outcome | CalledBack) -> str:
    return outcome.value.replace(" ", "_")
