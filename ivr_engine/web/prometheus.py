"""This file decides what signals are in a message of Prometheus' Alertmanager. It does not know what they lead to.

Its webhook (version 4) repeats an alert that still fires; the alert's fingerprint and beginning name it, so that it
counts once. What is resolved is no signal: a trigger is over when its own figure is.
"""

from collections.abc import Iterator, Mapping

import msgspec

from ivr_engine.model.crisis_orders import Signal

MOST_ALERTS = 200  # in one message
LONGEST_TEXT, LONGEST_NAME = 500, 100


class Alert(msgspec.Struct, frozen=True, rename="camel"):
    """One alert. `fingerprint` names it by its labels."""

    status: str
    labels: Mapping[str, str]
    fingerprint: str
    starts_at: str
    annotations: Mapping[str, str] = {}


class PrometheusMessage(msgspec.Struct, frozen=True):
    """What Alertmanager posts. Only what is read of it."""

    version: str
    status: str
    alerts: tuple[Alert, ...]


def signals_in(message: PrometheusMessage, source: str) -> Iterator[Signal]:
    """A signal for each alert that fires: its kind is the label `signal`, or the alert's name."""
    for alert in message.alerts[:MOST_ALERTS]:
        kind = alert.labels.get("signal") or alert.labels.get("alertname", "")
        if alert.status == "firing" and kind:
            text = alert.annotations.get("summary") or alert.annotations.get("description", "")
            name = f"{alert.fingerprint}@{alert.starts_at}"
            yield Signal(
                _plain(kind, LONGEST_NAME), _plain(name, 2 * LONGEST_NAME), source, 1, _plain(text, LONGEST_TEXT)
            )


def _plain(text: str, longest: int) -> str:
    """One line that moves no cursor."""
    return "".join(char if char.isprintable() else " " for char in text)[:longest]
