"""This file lists every figure there is, with its meaning and unit. It does not know where they come from.

Labels only ever hold names from the dialplan or from the code: never anything a caller brings along.
"""

from ivr_engine.metrics.register import Described, Register

_WAIT = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800)
_RING = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)
_REQUEST = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Instruments:
    """The figures."""

    def __init__(self, register: Register) -> None:
        self._calls(register)
        self._waiting(register)
        self._left(register)
        self._links(register)
        self._recordings(register)
        self._adapters(register)
        self._lookups(register)
        self._versions(register)
        self._messengers(register)

    def _calls(self, new: Register) -> None:
        self.arrived = new.counter("ivr_calls_arrived_total", "Calls that arrived, in calls.", "flow")
        self.ended = new.counter(
            "ivr_calls_ended_total", "Calls that ended, in calls; queue is none if never queued.", "outcome", "queue"
        )
        self.drill_calls = new.counter(
            "ivr_drill_calls_total", "Calls made to rehearse that ended, in calls; no other count has them.", "outcome"
        )
        self.live = new.gauge("ivr_calls_live", "Calls going on now, in calls.")
        self.keys = new.counter("ivr_keys_total", "Keys that chose in a menu, in keys.", "step", "understood")
        self.split_calls = new.counter(
            "ivr_split_calls_total", "Calls that took an arm of an experiment, in calls.", "split", "arm"
        )
        self.split_abandoned = new.counter(
            "ivr_split_abandoned_total", "Calls of an arm hung up before any queue, in calls.", "split", "arm"
        )
        self.split_stopped = new.gauge(
            "ivr_split_stopped", "Arms of an experiment that nobody new comes to, 1 or 0.", "split", "arm"
        )
        self.status_stale = new.gauge(
            "ivr_status_stale", "Announcements in use that should have been written anew by now, in texts."
        )
        self.crisis = new.gauge("ivr_crisis_active", "Whether a crisis profile is on: 1 on, 0 off.", "profile")
        self.clocks = new.gauge(
            "ivr_crisis_clocks", "What must be done in a crisis and nobody has said is done, in clocks.", "state"
        )
        self.briefings = new.counter(
            "ivr_briefings_total", "People who asked by phone how the hotline stands, in PINs typed.", "result"
        )
        self.trigger = new.gauge(
            "ivr_trigger_state", "Whether what a trigger looks at is so now: 1 yes, 0 no.", "trigger"
        )
        self.triggered = new.counter("ivr_trigger_fired_total", "Times a trigger fired, in times.", "trigger")
        self.trouble = new.counter("ivr_trouble_total", "Things refused or making no sense, in events.", "kind")

    def _waiting(self, new: Register) -> None:
        self.waiting = new.gauge("ivr_queue_waiting", "Callers waiting now, in callers.", "queue")
        self.oldest = new.gauge(
            "ivr_queue_oldest_seconds", "How long the first caller has been waiting, in seconds; 0 if none.", "queue"
        )
        self.estimate = new.gauge(
            "ivr_queue_estimate_seconds",
            "How long one who came now would probably wait, in seconds; NaN if that cannot be told.",
            "queue",
        )
        self.waited = new.histogram(
            "ivr_wait_seconds", "Wait of answered callers until they talk, in seconds.", "queue", buckets=_WAIT
        )
        self.in_time = new.counter(
            "ivr_answered_in_time_total", "Callers answered within their queue's target, in callers.", "queue"
        )
        self.target_seconds = new.gauge(
            "ivr_queue_target_seconds", "Within which time callers are to be answered, in seconds.", "queue"
        )
        self.target_share = new.gauge(
            "ivr_queue_target_ratio", "Which part of all callers is, in shares from 0 to 1.", "queue"
        )
        self.queued_to_ring = new.histogram(
            "ivr_queued_to_ring_seconds",
            "From entering the queue until the first seat rings, in seconds.",
            buckets=_RING,
        )
        self.offer_to_ring = new.histogram(
            "ivr_offer_to_ring_seconds",
            "From choosing a seat until its phone rings, in seconds.",
            "pool",
            buckets=_RING,
        )
        self.seats = new.gauge("ivr_seats", "Seats by what they are doing now, in seats.", "pool", "state")
        self.agents = new.gauge("ivr_agents", "Agents by what they are doing now, in agents.", "state")
        self.talks = new.counter(
            "ivr_talk_turns_total", "Turns that talks took (held, joined by a third, handed on), in turns.", "what"
        )
        self.listened = new.counter("ivr_listened_total", "Talks that a supervisor heard, in times.", "how")
        self.dispositions = new.counter(
            "ivr_dispositions_total", "Calls of which agents said how they went, in times.", "tag"
        )
        self.missed = new.counter(
            "ivr_agents_missed_total", "Agents paused as they missed calls in a row, in agents.", "pool"
        )
        self.agent_codes = new.counter("ivr_agent_codes_total", "Codes agents dialled, in codes.", "result")
        self.overflow = new.counter(
            "ivr_overflow_total", "Offers to a seat outside the queue's first pool, in offers.", "queue", "pool"
        )
        self.unhealthy = new.gauge(
            "ivr_pool_unhealthy", "Whether a pool is skipped because its lines failed: 1 yes, 0 no.", "pool"
        )
        self.overflow_open = new.gauge(
            "ivr_overflow_open",
            "Whether a pool with conditions is open to the queue: 1 open, 0 closed.",
            "queue",
            "pool",
        )
        self.overflow_opened = new.counter(
            "ivr_overflow_opened_total",
            "Times a pool with conditions was opened to the queue, in times.",
            "queue",
            "pool",
        )

    def _left(self, new: Register) -> None:
        self.messages = new.counter(
            "ivr_messages_total", "Messages callers left, as they are sealed, in messages.", "queue"
        )
        self.unheard = new.gauge("ivr_messages_unheard", "Messages nobody has marked as heard, in messages.", "queue")
        self.unheard_oldest = new.gauge(
            "ivr_messages_oldest_seconds", "How long ago the oldest of them was left, in seconds; 0 if none.", "queue"
        )
        self.wishes = new.counter("ivr_callbacks_total", "Wishes to be called back, in wishes.", "queue")
        self.called_back = new.counter(
            "ivr_callbacks_tried_total", "Calls the engine made to who wished it, in calls.", "queue", "result"
        )
        self.open_wishes = new.gauge("ivr_callbacks_open", "Wishes that are open, in wishes.", "queue")
        self.wishes_oldest = new.gauge(
            "ivr_callbacks_oldest_seconds",
            "How long the first of their callers has been waiting, in seconds; 0 if none.",
            "queue",
        )

    def _links(self, new: Register) -> None:
        self.link = new.gauge("ivr_asterisk_link_up", "Whether Asterisk tells us what happens: 1 yes, 0 no.")
        self.ari_requests = new.counter(
            "ivr_ari_requests_total", "Requests to Asterisk, in requests.", "operation", "result"
        )
        self.ari_seconds = new.histogram(
            "ivr_ari_request_seconds", "Duration of requests to Asterisk, in seconds.", "operation", buckets=_REQUEST
        )
        self.events = new.counter("ivr_events_total", "Facts told to the core, in events.", "type")
        self.commands = new.counter("ivr_commands_total", "Orders given by the core, in orders.", "type")
        self.loop_lag = new.gauge(
            "ivr_loop_lag_seconds", "Longest delay of the event loop in recent measurements, in seconds."
        )

    def _recordings(self, new: Register) -> None:
        self.sealed = new.counter("ivr_recordings_sealed_total", "Recordings sealed, in recordings.")
        self.seal_failures = new.counter(
            "ivr_recordings_seal_failures_total", "Failed tries to seal a recording, or to copy a sealed one, in tries."
        )
        self.copied = new.counter(
            "ivr_recordings_copied_total", "Recordings copied to the second vault, in recordings."
        )
        self.uncopied = new.gauge(
            "ivr_recordings_uncopied",
            "Recordings that are, or may be, to be copied to the second vault yet, in recordings.",
        )
        self.unsealed = new.gauge(
            "ivr_recordings_unsealed", "Recordings of ended calls that are not sealed yet, in recordings."
        )
        self.spool_free = new.gauge(
            "ivr_recordings_spool_free_ratio", "Free part of the memory recordings are born in, in shares from 0 to 1."
        )
        self.unsealed_oldest = new.gauge(
            "ivr_recordings_unsealed_oldest_seconds",
            "How long the oldest of them has been waiting, in seconds; 0 if none.",
        )

    def _adapters(self, new: Register) -> None:
        self.mqtt_up = new.gauge("ivr_mqtt_up", "Whether the MQTT broker is connected: 1 yes, 0 no.")
        self.mqtt_dropped = new.counter(
            "ivr_mqtt_dropped_total", "Messages dropped because the broker was away too long, in messages."
        )
        self.mqtt_commands = new.counter("ivr_mqtt_commands_total", "Commands over MQTT, in commands.", "result")
        self.store_up = new.gauge("ivr_store_up", "Whether the database takes records: 1 yes, 0 no.")
        self.journal_lost = new.gauge("ivr_journal_lost", "Facts missing in the journal since the start, in lines.")
        self.store_backlog = new.gauge("ivr_store_backlog", "Records waiting in memory for the database, in records.")

    def _lookups(self, new: Register) -> None:
        self.lookups = new.counter(
            "ivr_lookups_total",
            "Questions to other systems about callers, in questions; remembered: answered without asking.",
            "lookup",
            "answer",
            "remembered",
        )
        self.system_seconds = new.histogram(
            "ivr_system_request_seconds",
            "Duration of requests to other systems, in seconds.",
            "system",
            buckets=_REQUEST,
        )
        self.system_spared = new.gauge(
            "ivr_system_spared", "Whether a system is left alone as it failed too often: 1 yes, 0 no.", "system"
        )

    def _versions(self, new: Register) -> None:
        self.dialplan = new.gauge("ivr_dialplan_info", "Which version new calls get: 1 for that one.", "version")
        self.reloads = new.counter(
            "ivr_dialplan_reload_total", "Reloads, rollbacks and canaries ordered, in orders.", "result"
        )
        self.differs = new.gauge(
            "ivr_dialplan_differs", "Whether the files on disk are another version than what runs: 1 yes, 0 no."
        )
        self.broken = new.gauge("ivr_dialplan_broken", "Whether the files on disk cannot be used: 1 yes, 0 no.")
        self.canary_percent = new.gauge(
            "ivr_canary_percent", "Share of new calls that get the version on trial, in per cent; 0 if none is."
        )
        self.canary_calls = new.gauge(
            "ivr_canary_calls", "Calls judged in the trial, in calls; version is trial or running.", "version"
        )
        self.canary_left = new.gauge(
            "ivr_canary_left_in_menu", "Those of them that hung up in the menu, in calls.", "version"
        )
        self.canary_p = new.gauge(
            "ivr_canary_p_value",
            "At most the chance of a wrong verdict if the trial were called worse now, in shares from 0 to 1.",
        )
        self.canary_ended = new.counter("ivr_canary_ended_total", "Trials that ended, in trials.", "how")

    def _messengers(self, new: Register) -> None:
        self.alerts = new.counter(
            "ivr_alerts_total",
            "Tries to tell people of alerts, in tries; messenger is none where nobody is named.",
            "messenger",
            "result",
        )


def describe() -> list[Described]:
    """Every figure, for generated reference pages."""
    register = Register()
    Instruments(register)
    return register.described
