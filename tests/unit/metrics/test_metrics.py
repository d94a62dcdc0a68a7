import math
from collections.abc import Iterator
from typing import Literal

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ivr_engine.metrics.instruments import describe
from ivr_engine.metrics.metrics import Metrics
from ivr_engine.model import notices
from ivr_engine.model.agents import Duty
from ivr_engine.model.causes import LegEnd, Outcome
from ivr_engine.model.crises import CrisisState, RunningClock, Scope, TriggerMemory
from ivr_engine.model.ids import CallId, LookupName, MessageId, PoolName, QueueName, SeatId, StepName, WishId

CALL = CallId("hotline-1.1")
CALLER = "13812345678"
URGENT = QueueName("urgent")
LOCAL = PoolName("local")
SEAT = SeatId("1001")


class Bench:
    """Metrics with a clock that stands still, read as Prometheus reads them."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.live = 0
        self.metrics = Metrics(lambda: self.now, lambda: self.live)

    def tell(self, *told: notices.AnyNotice) -> None:
        for notice in told:
            self.metrics.observe(notice)

    def samples(self) -> Iterator[tuple[str, dict[str, str], float]]:
        text = self.metrics.render()[0].decode()
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                yield sample.name, sample.labels, sample.value

    def value(self, name: str, **labels: str) -> float | None:
        return next((value for found, has, value in self.samples() if found == name and has == labels), None)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def record(outcome: Outcome, queue: QueueName | None) -> notices.CallRecord:
    return notices.CallRecord(CALL, "4001", CALLER, "normal", outcome, 1.0, 2.0, queue)


def test_calls_are_counted_by_how_they_ended(bench: Bench) -> None:
    bench.live = 3
    bench.tell(
        notices.Arrived(CALL, 1.0, "4001", CALLER, "normal"),
        notices.KeyPressed(CALL, 1.0, StepName("main"), understood=False),
        notices.Ended(CALL, 2.0, record(Outcome.ABANDONED_IN_MENU, None)),
        notices.Ended(CALL, 2.0, record(Outcome.ANSWERED, URGENT)),
    )
    assert bench.value("ivr_calls_arrived_total", flow="normal") == 1
    assert bench.value("ivr_calls_ended_total", outcome="abandoned_in_menu", queue="none") == 1
    assert bench.value("ivr_calls_ended_total", outcome="answered", queue="urgent") == 1
    assert bench.value("ivr_keys_total", step="main", understood="no") == 1
    assert bench.value("ivr_calls_live") == 3


def test_alerts_are_counted_by_messenger_and_how_they_fared(bench: Bench) -> None:
    bench.metrics.messengers.expect(["sms"])
    assert bench.value("ivr_alerts_total", messenger="sms", result="given_up") == 0
    bench.tell(
        notices.AlertSent("a", 1.0, "138****5678", "sms", ok=False, why="it answered 500", again=True),
        notices.AlertSent("a", 6.0, "138****5678", "sms", ok=True, tries=2),
        notices.AlertSent("a", 1.0, "duty", "", ok=False, why="nobody is named"),
    )
    assert bench.value("ivr_alerts_total", messenger="sms", result="again") == 1
    assert bench.value("ivr_alerts_total", messenger="sms", result="sent") == 1
    assert bench.value("ivr_alerts_total", messenger="none", result="given_up") == 1


def test_triggers_are_counted_and_one_that_was_on_before_a_restart_is_on(bench: Bench) -> None:
    def changed(state: Literal["fired", "held back", "over", "blind"]) -> notices.TriggerChanged:
        return notices.TriggerChanged("surge", 1.0, state, 160.0, 150.0, "many")

    bench.metrics.triggers.expect(["surge", "slow"])
    assert bench.value("ivr_trigger_fired_total", trigger="slow") == 0
    for state, is_on, fired in (("blind", 0, 0), ("fired", 1, 1), ("over", 0, 1), ("held back", 1, 1)):
        bench.tell(changed(state))  # type: ignore[arg-type]
        assert bench.value("ivr_trigger_state", trigger="surge") == is_on
        assert bench.value("ivr_trigger_fired_total", trigger="surge") == fired
    bench.tell(notices.CrisisStateChanged(1.0, CrisisState(triggers={"slow": TriggerMemory(on=True)})))
    assert bench.value("ivr_trigger_state", trigger="slow") == 1


def test_who_is_answered_in_time_is_counted_by_his_queues_target(bench: Bench) -> None:
    bench.metrics.targets.expect({URGENT: (10.0, 0.9), QueueName("general"): (30.0, 0.8)})
    bench.tell(*(notices.Connected(CALL, 1.0, URGENT, LOCAL, SEAT, waited) for waited in (9.0, 10.0, 10.1)))
    bench.tell(notices.Connected(CALL, 1.0, QueueName("gone"), LOCAL, SEAT, 1.0))
    assert bench.value("ivr_answered_in_time_total", queue="urgent") == 2
    assert bench.value("ivr_answered_in_time_total", queue="general") == 0
    assert bench.value("ivr_answered_in_time_total", queue="gone") is None
    assert bench.value("ivr_queue_target_seconds", queue="urgent") == 10
    assert bench.value("ivr_queue_target_ratio", queue="general") == 0.8
    bench.metrics.targets.expect({URGENT: (20.0, 0.8)})  # reloaded
    assert bench.value("ivr_queue_target_ratio", queue="general") is None
    bench.tell(notices.Connected(CALL, 1.0, URGENT, LOCAL, SEAT, 15.0))
    assert bench.value("ivr_answered_in_time_total", queue="urgent") == 3


def test_what_happens_in_talks_is_counted_and_who_is_handed_on_has_waited_before(bench: Bench) -> None:
    lead = SeatId("1900")
    bench.tell(
        notices.Connected(CALL, 1.0, URGENT, LOCAL, SEAT, 2.0),
        notices.Connected(CALL, 9.0, URGENT, LOCAL, SEAT, 60.0, again=True),
        notices.Held(CALL, 1.0, SEAT, on=True),
        notices.Held(CALL, 2.0, SEAT, on=False),
        notices.SecondLine(CALL, 2.0, SEAT, lead, "rung"),
        notices.SecondLine(CALL, 2.0, SEAT, lead, "there"),
        notices.HandedOn(CALL, 2.0, SEAT, "general"),
        *(notices.Listened(CALL, 2.0, SEAT, lead, how) for how in ("listen", "whisper", "ended")),
        notices.Disposed(CALL, 2.0, SEAT, "solved"),
    )
    assert bench.value("ivr_wait_seconds_count", queue="urgent") == 1
    turns = {what: bench.value("ivr_talk_turns_total", what=what) for what in ("held", "joined", "handed_on")}
    assert turns == {"held": 1, "joined": 1, "handed_on": 1}
    assert bench.value("ivr_listened_total", how="whisper") == 1
    assert bench.value("ivr_listened_total", how="ended") is None
    assert bench.value("ivr_dispositions_total", tag="solved") == 1


def test_what_callers_leave_is_counted_and_how_old_it_is(bench: Bench) -> None:
    bench.metrics.expect(flows=(), queues=(URGENT,), profiles=())
    assert bench.value("ivr_messages_total", queue="urgent") == bench.value("ivr_callbacks_total", queue="urgent") == 0
    bench.tell(
        notices.MessageLeft(CALL, 1.0, URGENT, MessageId("m"), 4.0),
        notices.CallBackRequested(CALL, 1.0, URGENT, CALLER, WishId("w"), 0.5),
    )
    assert bench.value("ivr_messages_total", queue="urgent") == bench.value("ivr_callbacks_total", queue="urgent") == 1
    bench.metrics.what_waits({"urgent": (2, 940.0)}, {"gone": (1, 900.0)})
    assert bench.value("ivr_messages_unheard", queue="urgent") == 2
    assert bench.value("ivr_messages_oldest_seconds", queue="urgent") == 60
    assert bench.value("ivr_callbacks_open", queue="urgent") == 0
    assert bench.value("ivr_callbacks_oldest_seconds", queue="gone") == 100
    bench.metrics.what_waits({}, {})
    assert bench.value("ivr_messages_oldest_seconds", queue="urgent") == 0
    assert bench.value("ivr_callbacks_open", queue="gone") is None


def test_the_oldest_wait_grows_between_notices(bench: Bench) -> None:
    bench.tell(notices.QueueChanged(URGENT, 1000.0, 2, oldest_since=990.0))
    assert bench.value("ivr_queue_oldest_seconds", queue="urgent") == 10
    bench.now = 1005.0
    assert bench.value("ivr_queue_oldest_seconds", queue="urgent") == 15
    assert bench.value("ivr_queue_waiting", queue="urgent") == 2
    bench.tell(notices.QueueChanged(URGENT, 1005.0, 0, oldest_since=None))
    assert bench.value("ivr_queue_oldest_seconds", queue="urgent") == 0


def test_the_expected_wait_is_told_while_it_can_be(bench: Bench) -> None:
    bench.tell(notices.QueueChanged(URGENT, 1000.0, 2, oldest_since=990.0, estimate=42.5))
    assert bench.value("ivr_queue_estimate_seconds", queue="urgent") == 42.5
    bench.tell(notices.QueueChanged(URGENT, 1005.0, 0, oldest_since=None))
    assert math.isnan(bench.value("ivr_queue_estimate_seconds", queue="urgent") or 0.0)


def test_it_is_told_which_pools_are_open_to_whom_and_how_often_they_were_opened(bench: Bench) -> None:
    bench.metrics.openings.expect([LOCAL], [(URGENT, LOCAL)])
    assert bench.value("ivr_overflow_open", queue="urgent", pool="local") == 0
    for number, is_open in enumerate((True, False, True)):
        bench.tell(notices.OverflowChanged(URGENT, LOCAL, float(number), is_open, "why"))
        assert bench.value("ivr_overflow_open", queue="urgent", pool="local") == is_open
    assert bench.value("ivr_overflow_opened_total", queue="urgent", pool="local") == 2


def test_a_pool_whose_lines_fail_is_told_until_they_work(bench: Bench) -> None:
    bench.metrics.openings.expect([LOCAL], [])
    assert bench.value("ivr_pool_unhealthy", pool="local") == 0
    bench.tell(notices.PoolHealthChanged(LOCAL, 1.0, False, "why"))
    assert bench.value("ivr_pool_unhealthy", pool="local") == 1
    bench.tell(notices.PoolHealthChanged(LOCAL, 2.0, True, "why"))
    assert bench.value("ivr_pool_unhealthy", pool="local") == 0


def test_an_offer_is_timed_until_the_phone_rings(bench: Bench) -> None:
    bench.tell(
        notices.Offered(CALL, 10.0, URGENT, LOCAL, SEAT, overflow=False),
        notices.OfferEnded(CALL, 11.0, SEAT, LegEnd.BUSY),
        notices.Offered(CALL, 12.0, URGENT, PoolName("remote"), SeatId("remote#1"), overflow=True),
        notices.Ringing(CALL, 12.25, SeatId("remote#1"), since_queued=3.0),
        notices.Connected(CALL, 15.0, URGENT, PoolName("remote"), SeatId("remote#1"), waited=7.5),
        notices.Ended(CALL, 20.0, record(Outcome.ANSWERED, URGENT)),
    )
    assert bench.value("ivr_offer_to_ring_seconds_sum", pool="remote") == 0.25
    assert bench.value("ivr_offer_to_ring_seconds_count", pool="local") is None
    assert bench.value("ivr_queued_to_ring_seconds_sum") == 3.0
    assert bench.value("ivr_wait_seconds_sum", queue="urgent") == 7.5
    assert bench.value("ivr_overflow_total", queue="urgent", pool="remote") == 1
    assert bench.metrics._seats._offers == {}


def test_a_call_that_ends_while_offered_leaves_nothing_behind(bench: Bench) -> None:
    bench.tell(
        notices.Offered(CALL, 10.0, URGENT, LOCAL, SEAT, overflow=False),
        notices.Ended(CALL, 20.0, record(Outcome.ABANDONED_IN_QUEUE, URGENT)),
    )
    assert bench.metrics._seats._offers == {}


def test_states_are_what_was_told_last(bench: Bench) -> None:
    bench.tell(
        notices.PoolChanged(LOCAL, 1.0, 1, 2, 3, 4, 5),
        notices.LinkChanged(up=True, at=1.0),
        notices.CrisisChanged("recall", 1.0, "Li", "batch 7"),
        notices.CrisisChanged("flood", 2.0, "Li", "dam"),
        notices.CrisisChanged("drilled", 2.0, "Li", "dam", scope=Scope(drill=True)),
    )
    states = {state: bench.value("ivr_seats", pool="local", state=state) for state in ("ready", "wrap_up", "offline")}
    assert states == {"ready": 1, "wrap_up": 4, "offline": 5}
    assert bench.value("ivr_asterisk_link_up") == 1
    assert bench.value("ivr_crisis_active", profile="recall") == 1
    assert bench.value("ivr_crisis_active", profile="flood") == 1
    bench.tell(notices.CrisisChanged("flood", 3.0, "Li", "over", on=False), notices.LinkChanged(up=False, at=3.0))
    assert bench.value("ivr_crisis_active", profile="flood") == 0
    assert bench.value("ivr_crisis_active", profile="recall") == 1
    assert bench.value("ivr_crisis_active", profile="drilled") is None
    assert bench.value("ivr_asterisk_link_up") == 0


def test_clocks_of_crises_are_counted_as_they_stand_and_what_is_done_is_neither_running_nor_overdue(
    bench: Bench,
) -> None:
    assert [bench.value("ivr_crisis_clocks", state=state) for state in ("running", "overdue")] == [0, 0]
    runs = RunningClock("recall", "verify", "general", 1.0, 601.0)
    late = RunningClock("recall", "notice", "general", 1.0, 2.0, overdue=True)
    done = RunningClock("recall", "help", "general", 1.0, 2.0, done_at=3.0, overdue=True)
    bench.tell(notices.CrisisStateChanged(3.0, CrisisState(clocks=(runs, late, late, done))))
    assert bench.value("ivr_crisis_clocks", state="running") == 1
    assert bench.value("ivr_crisis_clocks", state="overdue") == 2
    bench.tell(notices.CrisisStateChanged(4.0, CrisisState()))
    assert bench.value("ivr_crisis_clocks", state="overdue") == 0


def test_what_the_dialplan_names_begins_at_zero(bench: Bench) -> None:
    bench.metrics.expect(flows=["normal"], queues=[URGENT], profiles=["recall"])
    assert bench.value("ivr_calls_arrived_total", flow="normal") == 0
    assert bench.value("ivr_calls_ended_total", outcome="answered", queue="urgent") == 0
    assert bench.value("ivr_calls_ended_total", outcome="refused", queue="none") == 0
    assert bench.value("ivr_crisis_active", profile="recall") == 0
    assert bench.value("ivr_queue_waiting", queue="urgent") == 0
    assert bench.value("ivr_trouble_total", kind="join_failed") == 0


@pytest.mark.parametrize("kind", list(notices.TroubleKind))
def test_trouble_is_counted_by_kind_and_never_by_words(bench: Bench, kind: notices.TroubleKind) -> None:
    bench.tell(notices.Trouble(1.0, kind, f"something {CALLER} did", CALL))
    assert bench.value("ivr_trouble_total", kind=kind.value) == 1


def test_the_runtime_reports_beside_the_notices(bench: Bench) -> None:
    metrics = bench.metrics
    metrics.ari_request("play", "204", 0.003)
    metrics.event("CallArrived")
    metrics.command("Play")
    metrics.loop_lag(0.2)
    metrics.loop_lag(0.001)
    metrics.sealed()
    metrics.seal_failed()
    metrics.unsealed_from(lambda: 2, lambda now: now - 940)
    metrics.mqtt_up(True)
    metrics.mqtt_dropped(3)
    metrics.store_up(False)
    metrics.store_backlog_from(lambda: 7)
    assert bench.value("ivr_ari_requests_total", operation="play", result="204") == 1
    assert bench.value("ivr_ari_request_seconds_count", operation="play") == 1
    assert bench.value("ivr_events_total", type="CallArrived") == 1
    assert bench.value("ivr_commands_total", type="Play") == 1
    assert bench.value("ivr_loop_lag_seconds") == 0.2
    assert bench.value("ivr_recordings_sealed_total") == 1
    assert bench.value("ivr_recordings_seal_failures_total") == 1
    assert bench.value("ivr_recordings_unsealed") == 2
    assert bench.value("ivr_recordings_unsealed_oldest_seconds") == 60
    assert bench.value("ivr_mqtt_up") == 1
    assert bench.value("ivr_mqtt_dropped_total") == 3
    assert bench.value("ivr_store_up") == 0
    assert bench.value("ivr_store_backlog") == 7


def test_labels_cannot_grow_without_end(bench: Bench) -> None:
    for number in range(1000):
        bench.metrics.event(f"Event{number}")
    assert len([name for name, _, _ in bench.samples() if name == "ivr_events_total"]) == 101
    assert bench.value("ivr_events_total", type="other") == 900


def test_nothing_of_the_caller_is_shown_and_no_birthdays(bench: Bench) -> None:
    bench.tell(
        notices.Arrived(CALL, 1.0, "4001", CALLER, "normal"),
        notices.Ended(CALL, 2.0, record(Outcome.ANSWERED, URGENT)),
    )
    shown = bench.metrics.render()[0].decode()
    assert CALLER not in shown
    assert CALL not in shown
    assert "_created" not in shown


def test_every_figure_is_described_with_its_unit() -> None:
    described = describe()
    assert len({each.name for each in described}) == len(described)
    for each in described:
        assert each.help.endswith(".")
        assert ", in " in each.help or "1 " in each.help, each.name
        assert each.name.endswith("_total") == (each.kind == "counter")


def test_two_engines_share_nothing() -> None:
    first, second = Bench(), Bench()
    first.metrics.sealed()
    assert second.value("ivr_recordings_sealed_total") == 0


def test_lookups_are_counted_by_their_answer_and_systems_by_how_they_fare(bench: Bench) -> None:
    customer = LookupName("customer")
    bench.metrics.expect_lookups([customer], ["crm"])
    assert bench.value("ivr_lookups_total", lookup="customer", answer="failed", remembered="no") == 0
    bench.metrics.looked_up(customer, "not found", remembered=False)
    bench.metrics.looked_up(customer, "found", remembered=True)
    bench.metrics.system_asked("crm", 0.03)
    bench.metrics.system_spared("crm", True)
    assert bench.value("ivr_lookups_total", lookup="customer", answer="not_found", remembered="no") == 1
    assert bench.value("ivr_lookups_total", lookup="customer", answer="found", remembered="yes") == 1
    assert bench.value("ivr_system_request_seconds_bucket", system="crm", le="0.05") == 1
    assert bench.value("ivr_system_request_seconds_bucket", system="crm", le="0.02") == 0
    assert bench.value("ivr_system_spared", system="crm") == 1
    bench.metrics.system_spared("crm", False)
    assert bench.value("ivr_system_spared", system="crm") == 0


def test_arms_of_an_experiment_are_counted_and_how_many_hung_up_in_them(bench: Bench) -> None:
    greeting = StepName("greeting")
    bench.metrics.expect_splits({greeting: ("short", "long")})
    assert bench.value("ivr_split_calls_total", split="greeting", arm="long") == 0
    assert bench.value("ivr_split_abandoned_total", split="greeting", arm="long") == 0
    bench.tell(notices.ArmTaken(CALL, 1.0, greeting, "short"))
    for outcome in (Outcome.ABANDONED_IN_MENU, Outcome.ABANDONED_IN_QUEUE, Outcome.ANSWERED):
        ended = msgspec.structs.replace(record(outcome, None), arms={greeting: "short"})
        bench.tell(notices.Ended(CALL, 2.0, ended))
    assert bench.value("ivr_split_calls_total", split="greeting", arm="short") == 1
    assert bench.value("ivr_split_abandoned_total", split="greeting", arm="short") == 1
    assert bench.value("ivr_split_stopped", split="greeting", arm="long") == 0
    for state, stopped in (("stopped", 1), ("resumed", 0), ("stopped", 1), ("on", 0)):
        bench.tell(notices.ArmChanged(greeting, "long", 1.0, state))  # type: ignore[arg-type]
        assert bench.value("ivr_split_stopped", split="greeting", arm="long") == stopped
    assert bench.value("ivr_split_abandoned_total", split="greeting", arm="long") == 0


def test_announcements_that_are_out_of_date_are_counted_at_each_look(bench: Bench) -> None:
    stale = [0]
    bench.metrics.stale_statuses_from(lambda: stale[0])
    assert bench.value("ivr_status_stale") == 0
    stale[0] = 2
    assert bench.value("ivr_status_stale") == 2


def test_agents_are_counted_by_what_they_do_and_leave_when_they_are_gone(bench: Bench) -> None:
    duty = Duty("on duty")

    def now(agent: str, state: str) -> notices.AgentChanged:
        return notices.AgentChanged(SeatId(agent), LOCAL, 1.0, state, duty)

    bench.tell(now("1001", "ready"), now("1002", "signed out"), now("1001", "wrap-up"), now("1003", "paused"))
    bench.tell(notices.CallsMissed(SeatId("1003"), LOCAL, 1.0, 3))
    states = {state: bench.value("ivr_agents", state=state) for state in ("ready", "signed_out", "wrap_up", "paused")}
    assert states == {"ready": 0, "signed_out": 1, "wrap_up": 1, "paused": 1}
    assert bench.value("ivr_agents_missed_total", pool="local") == 1
    bench.tell(now("1002", "gone"))
    assert bench.value("ivr_agents", state="signed_out") == 0
    bench.metrics.mqtt_command("unreadable")
    bench.metrics.agent_code("wrong_pin")
    assert bench.value("ivr_mqtt_commands_total", result="unreadable") == 1
    assert bench.value("ivr_agent_codes_total", result="wrong_pin") == 1
    assert bench.value("ivr_agent_codes_total", result="done") == 0


def test_drills_are_counted_apart_and_nowhere_else(bench: Bench) -> None:
    before = [sample for sample in bench.samples() if sample[0] != "ivr_drill_calls_total"]
    record = notices.CallRecord(CALL, "4001", CALLER, "normal", Outcome.ANSWERED, 1.0, 2.0, URGENT, drill=True)
    bench.metrics.observe_drill(notices.Arrived(CALL, 1.0, "4001", CALLER, "normal", drill=True))
    bench.metrics.observe_drill(notices.Ended(CALL, 2.0, record))
    assert bench.value("ivr_drill_calls_total", outcome="answered") == 1
    assert [sample for sample in bench.samples() if sample[0] != "ivr_drill_calls_total"] == before
