"""This file decides whether pools and queues make sense together. It does not know calls, or who is on the phone.

It looks at what is written rather than at what could be read, so a pool with one mistake in it is still a known pool.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ivr_engine.dialplan.diagnostics import quote
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Entry, Mark, Scalar, Sequence, Table, Value
from ivr_engine.model.skills import LANGUAGE

CONFIRM = "confirm"


@dataclass(slots=True)
class Seating:
    """Every pool, queue and agent of a hotline, and where each is declared."""

    pools: dict[str, Mark] = field(default_factory=dict)
    queues: dict[str, Mark] = field(default_factory=dict)
    agents: dict[str, Mark] = field(default_factory=dict)
    people: dict[str, Mark] = field(default_factory=dict)  # agents of whom something is known

    @property
    def known(self) -> Mapping[str, Mapping[str, Mark]]:
        """The same by what a name can be the name of."""
        return {"pool": self.pools, "queue": self.queues, "agent": self.agents}

    def add(self, table: Value | None, reader: Reader) -> None:
        """Take in what a file declares. Tells of what is declared already."""
        for name, mark, pool in _entries(table, "pools"):
            _declare("pool", name, mark, self.pools, reader)
            for agent in items_of(pool.get("agents")):
                # One seat, one pool: a pool's figures add up, and a seat's calls are counted once.
                _declare("agent", agent.text, agent.mark, self.agents, reader)
        for name, mark, _ in _entries(table, "queues"):
            _declare("queue", name, mark, self.queues, reader)
        for name, mark, _ in _entries(table, "agents"):
            _declare("what is known of", name, mark, self.people, reader)


def with_confirmation(value: Value) -> Value:
    """The same, in which people at ordinary numbers say that they take a call, unless their pool says otherwise."""
    pools = value.get("pools") if isinstance(value, Table) else None
    if not isinstance(value, Table) or not isinstance(pools, Table):
        return value
    asking = Table(pools.mark, tuple(replace(pool, value=_asking(pool.value)) for pool in pools.entries))
    entries = (replace(one, value=asking) if one.value is pools else one for one in value.entries)
    return Table(value.mark, tuple(entries))


def _asking(pool: Value) -> Value:
    if not isinstance(pool, Table) or not isinstance(pool.get("numbers"), Table) or pool.get(CONFIRM) is not None:
        return pool
    asked = Entry(Scalar(pool.mark, CONFIRM), Scalar(pool.mark, "true"))
    return Table(pool.mark, (*pool.entries, asked))


def destinations_of(tables: Iterable[Value | None]) -> dict[str, Mark]:
    """Everybody outside whom callers may be transferred to, and where each is declared."""
    return {name: mark for table in tables for name, mark, _ in _entries(table, "destinations")}


def lookups_of(tables: Iterable[Value | None]) -> dict[str, Mark]:
    """Every question to another system, and where each is declared."""
    return {name: mark for table in tables for name, mark, _ in _entries(table, "lookups")}


def skills_in(tables: Iterable[Value | None]) -> dict[str, Mark | None]:
    """Every skill somebody has, and where one of them has it. The language he speaks may be asked for anyway."""
    found: dict[str, Mark | None] = {LANGUAGE: None}
    for table in tables:
        for _, _, one in (*_entries(table, "pools"), *_entries(table, "agents")):
            found |= {name: mark for name, mark, _ in _entries(one, "skills")}
    return found


_REMEDIES = {"agent": "an agent has one seat in one pool; keep one"}


def _declare(what: str, name: str, mark: Mark, known: dict[str, Mark], reader: Reader) -> None:
    if name in known:
        first = known[name]
        message = f"{what} {quote(name)} is already in {first.source.name}:{first.line}"
        reader.refuse(mark, "E309", message, _REMEDIES.get(what, "keep one of the two"))
    known.setdefault(name, mark)


def _entries(table: Value | None, section: str) -> Iterable[tuple[str, Mark, Table]]:
    inner = table.get(section) if isinstance(table, Table) else None
    if isinstance(inner, Table):
        for entry in inner.entries:
            mark = entry.key.mark
            yield entry.key.text, mark, entry.value if isinstance(entry.value, Table) else Table(mark)


def items_of(value: Value | None) -> Iterable[Scalar]:
    """The single values of a list; one within the same list twice is told where the list is read."""
    items = value.items if isinstance(value, Sequence) else (value,)
    once = {item.text: item for item in reversed(items) if isinstance(item, Scalar)}
    return [item for item in reversed(once.values()) if item.value is not None]
