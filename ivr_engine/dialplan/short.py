"""This file decides what a hotline in three lines means: a name, numbers, agents. It does not know how it is read.

No menu at all: who calls is greeted and waits for a person (GB/T 33358 asks for few menus, best none). Whatever the
author writes himself is not made up.
"""

from ivr_engine.dialplan.source import Entry, Mark, Scalar, Table, Value

AGENTS = "agents"  # the setting that all the rest is made from

_GREETING = {
    "zh": "您好，正在为您转接人工客服，通话将被录音，请稍候。",
    "en": "Hello. We are connecting you to a person. This call is recorded.",
}


def written_out(table: Value, languages: tuple[str, ...]) -> Value:
    """The hotline with pools, queues, start and fallback made from its `agents`, where it has no such settings."""
    agents = table.get(AGENTS) if isinstance(table, Table) else None
    if not isinstance(table, Table) or agents is None or isinstance(agents, Table):
        return table
    at = agents.mark
    greeting = _by_language(languages, at)
    queue: dict[str, Value] = {"pools": _word("local", at)}
    if greeting.entries:
        queue["greeting"] = greeting
    made: dict[str, Value] = {
        "pools": _table({"local": _table({AGENTS: agents}, at)}, at),
        "queues": _table({"general": _table(queue, at)}, at),
        "start": _table({"enqueue": _word("general", at)}, at),
    }
    if greeting.entries:
        made["fallback"] = _table({"say": greeting, AGENTS: agents}, at)
    missing = [Entry(Scalar(at, key), value) for key, value in made.items() if table.get(key) is None]
    return Table(table.mark, (*table.entries, *missing))


def _by_language(languages: tuple[str, ...], at: Mark) -> Table:
    words = {language: _GREETING.get(language.partition("-")[0]) for language in languages}
    if not languages or not words[languages[0]]:
        return Table(at)  # a language we cannot speak: its author must write the words
    return _table({language: _word(text, at) for language, text in words.items() if text}, at)


def _word(text: str, at: Mark) -> Scalar:
    return Scalar(at, text, plain=False)


def _table(entries: dict[str, Value], at: Mark) -> Table:
    return Table(at, tuple(Entry(Scalar(at, key), value) for key, value in entries.items()))
