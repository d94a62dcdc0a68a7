"""This file decides how a figure is registered, described and shown. It does not know any single figure."""

from collections.abc import Iterator, Sequence

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector


class Described(msgspec.Struct, frozen=True):
    """One figure, for the reference in docs/."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...]


class Register:
    """A registry of our own: nothing global, so two engines fit in one process."""

    def __init__(self) -> None:
        self.described: list[Described] = []
        self._registry = CollectorRegistry()

    def counter(self, name: str, text: str, *labels: str) -> Counter:
        """A count that only grows. Its name ends in `_total`."""
        self._describe(name, "counter", text, labels)
        return Counter(name, text, labels, registry=self._registry)

    def gauge(self, name: str, text: str, *labels: str) -> Gauge:
        """A figure that is true now."""
        self._describe(name, "gauge", text, labels)
        return Gauge(name, text, labels, registry=self._registry)

    def histogram(self, name: str, text: str, *labels: str, buckets: Sequence[float]) -> Histogram:
        """How figures are spread."""
        self._describe(name, "histogram", text, labels)
        return Histogram(name, text, labels, buckets=buckets, registry=self._registry)

    def render(self) -> tuple[bytes, str]:
        """All figures as Prometheus reads them, and the content type to say so."""
        return generate_latest(_WithoutBirthdays(self._registry)), CONTENT_TYPE_PLAIN_0_0_4

    def _describe(self, name: str, kind: str, text: str, labels: tuple[str, ...]) -> None:
        self.described.append(Described(name, kind, text, labels))


class _WithoutBirthdays(Collector):
    """Leaves out the `_created` series: they double the size and nobody asks. The library's switch is global."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric


class Bounded:
    """Keeps a label's set of values small: beyond `limit` different ones, all others are `other`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: set[str] = set()

    def __call__(self, value: str) -> str:
        """The value, or `other`."""
        if value not in self._seen:
            if len(self._seen) >= self._limit:
                return "other"
            self._seen.add(value)
        return value
