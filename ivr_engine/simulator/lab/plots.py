"""This file decides what of a run is shown in a browser. It counts nothing, and knows no HTML."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr_engine.pages import Lines, Plot, Said, Table, as_page
from ivr_engine.simulator.lab.figures import Results, Sample
from ivr_engine.simulator.lab.tables import summary, tables


def page(results: Results, notes: Iterable[str] = (), first: Iterable[Table] = ()) -> str:
    """The whole page. `notes` are sentences under the title, and `first` tables before the plots."""
    samples, zone = results.samples, ZoneInfo(results.scenario.hotline.timezone)
    clock = [f"{datetime.fromtimestamp(sample.at, zone):%H:%M}" for sample in samples]
    used = [name for name, one in results.queues.items() if one.offered]
    on_duty = [float(sum(one.on_duty.values())) for one in samples]
    seats = {**_by_name(samples, "busy", results.pools), "on duty": on_duty}
    plots = [
        Plot("Callers waiting 排队人数", clock, _by_name(samples, "waiting", used)),
        Plot("Mean wait of those just answered, in seconds 等待秒数", clock, _by_name(samples, "waits", used)),
        Plot("What one who came would be told, in seconds 预计等待", clock, _by_name(samples, "estimates", used)),
        Plot("Seats busy, and (grey) on duty 坐席占用", clock, seats, grey="on duty"),
    ]
    said = [Said(note) for note in (summary(results), *notes)]
    return as_page(results.scenario.name, [*said, *first, *plots, *tables(results)])


def _by_name(samples: Sequence[Sample], of: str, names: Iterable[str]) -> Lines:
    values: list[Mapping[str, float]] = [getattr(one, of) for one in samples]
    return {name: [one.get(name) for one in values] for name in names}
