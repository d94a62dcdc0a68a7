"""This file decides how a drill reads that is to be kept: a page with plots, and Markdown. It judges nothing."""

from dataclasses import dataclass

from ivr_engine import pages
from ivr_engine.drill.judging import Check, has_passed
from ivr_engine.pages import Listed, Part, Said, Table
from ivr_engine.simulator.lab.figures import Results
from ivr_engine.simulator.lab.plots import page
from ivr_engine.simulator.lab.tables import summary, tables

_WORDS = {True: "passed 通过", False: "FAILED 未通过", None: "not measured 未测"}


@dataclass(frozen=True, slots=True)
class Report:
    """A drill that is over. `how` says in sentences how it was played: where, when, by what factor smaller."""

    results: Results
    checks: tuple[Check, ...]
    how: tuple[str, ...]
    broken_off: bool = False

    @property
    def failed(self) -> bool:
        """Whether it was not passed."""
        return self.broken_off or not has_passed(self.checks)

    @property
    def verdict(self) -> str:
        """The whole drill in a word."""
        return _WORDS[not self.failed]


def as_markdown(report: Report) -> str:
    """The report as Markdown."""
    results = report.results
    parts: list[Part] = [Listed(report.how), Said(summary(results)), _checks(report), *tables(results)]
    return pages.as_markdown(f"Drill {results.scenario.name}: {report.verdict}", parts)


def as_page(report: Report) -> str:
    """The report as one HTML page with plots."""
    return page(report.results, (f"Drill: {report.verdict}", *report.how), first=(_checks(report),))


def _checks(report: Report) -> Table:
    rows = [(check.what, check.wanted, check.shown, _WORDS[check.passed]) for check in report.checks]
    return Table("What it must show 达标情况", ("what", "wanted", "shown", ""), rows)
