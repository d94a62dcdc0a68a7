"""This file decides what a line typed in a rehearsal means, and what is told of it. It does not know any terminal.

A line is one of a test's words without its punctuation: `wait 30s`, `crisis recall`, `seats 1001 off`; digits are keys.
"""

import re
from collections.abc import Iterator
from typing import Any

from ivr_engine.core.call import Call, CallState
from ivr_engine.dialplan.diagnostics import Findings, guess, quote
from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.reader import Reader
from ivr_engine.dialplan.source import Entry, Mark, Scalar, SourceFile, Table, UnreadableError
from ivr_engine.model.notices import Connected, Offered
from ivr_engine.nodes import Node
from ivr_engine.simulator.listening import good_keys
from ivr_engine.simulator.rehearsal import Length, Rehearsal, Saying
from ivr_engine.simulator.scene import PATIENCE_SECONDS, Scene, UnmetError
from ivr_engine.simulator.script import check_test_names, line_of
from ivr_engine.simulator.telling import Teller, Told

HELP = """\
1  12#                          press keys, each as soon as it means something
next                            let time pass until something happens
wait 30s                        let time pass
speak 20s                       the caller says something for a message
hangup                          the caller hangs up
call [NUMBER] [from CALLER]     somebody calls
agent hangs up                  whoever talks to the caller hangs up
at 2027-02-17 03:00             set the clock, where the hotline is
crisis recall    crisis off     switch a crisis profile
seats 1001 off                  an agent's phone, a pool or `all`: on, off, no answer, busy, mailbox
answer    no answer             the same for all
lookup crm found tier=gold      what another system answers: found, not found or failed
help    quit"""

_SHORT = {"hangup": "hangs up", "hang up": "hangs up", "answer": "seats all on", "no answer": "seats all no answer"}
_FORMS = {  # the words of a line, as the entries of a group
    "call": re.compile(r"call(?: (?P<call>\S+))??(?: from (?P<from>\S+))?"),
    "speaks": re.compile(r"speak (?P<speaks>.+)"),
    "wait": re.compile(r"wait (?P<wait>.+)"),
    "at": re.compile(r"at (?P<at>.+)"),
    "crisis": re.compile(r"crisis (?P<crisis>\S+)"),
    "seats": re.compile(r"(?:seats|agents) (?P<seat>\S+) (?P<conduct>.+)"),
    "lookup": re.compile(r"lookup (?P<lookup>\S+) (?P<answer>found|not found|failed)(?P<found>(?: [^\s=]+=\S+)*)"),
    "hangs up": re.compile(r"hangs up"),
    "agent hangs up": re.compile(r"agent hangs up"),
}
_LIKE = {
    "call": "call 4000000400 from 13800000000",
    "wait": "wait 30s",
    "speak": "speak 20s",
    "at": "at 2027-02-17 03:00",
}
_LIKE |= {
    "lookup": "lookup customer found tier=gold",
    "crisis": "crisis recall",
    "seats": "seats 1001 off",
    "agents": "seats 1001 off",
}


class WrongLineError(Exception):
    """A typed line that cannot be followed. The message says why, and what to type."""


class Session:
    """One person plays the caller."""

    def __init__(self, hotline: Hotline[Node], at: float, length: Length, language: str | None = None) -> None:
        self.scene = Scene(Rehearsal(hotline, at, length, language))
        self.teller = Teller(hotline)
        self._shown = 0
        self._hotline = hotline

    @property
    def time(self) -> str:
        """What the clock shows."""
        return self.teller.time(self.scene.rehearsal.now)

    def do(self, typed: str) -> None:
        """Follow a line. Raises WrongLineError, and nothing has happened."""
        line = _SHORT.get(" ".join(typed.split()), " ".join(typed.split()))
        try:
            if line == "next":
                self._next()
            else:
                self._act(line).perform(self.scene)
        except UnmetError as unmet:
            raise WrongLineError(f"{unmet}") from unmet

    def news(self) -> Iterator[Told]:
        """What happened since this was asked last."""
        moments = self.scene.rehearsal.moments
        fresh = moments[self._shown :]
        self._shown = len(moments)
        return self.teller.told(fresh)

    def status(self) -> str:
        """Where the caller is, and what is waited for."""
        if self.scene.last is None or not self.scene.is_live:
            return "nobody calls; `call` begins a call"
        call = self.scene.rehearsal.call(self.scene.last)
        if call.state is CallState.MENU:
            return f"at {call.step}: {self._in_the_menu(call)}"
        if call.state is CallState.WAITING:
            return f"waits in queue {call.queue}: no seat is free"
        rung = [one.seat for one in self.scene.rehearsal.of(call.id) if isinstance(one, Offered | Connected)]
        there = call.transfer.destination if call.transfer else rung[-1]
        return f"talks to {there}" if call.state is CallState.TALKING else f"{there} is being rung"

    def _in_the_menu(self, call: Call) -> str:
        parts = []
        if saying := self._sounding():
            parts.append(f"{saying.at + saying.seconds - self.scene.rehearsal.now:.0f} s of words to come")
        if keys := good_keys(self.scene.rehearsal.board, call.id):
            parts.append(f"keys {' '.join(keys)}")
        if self.scene.rehearsal.speaking.is_asked(call.id):
            parts.append("a message is being taken")
        silence = self.scene.rehearsal.left(call.wait)
        if silence is not None:
            parts.append(f"goes on without a key in {silence:.0f} s")
        return ", ".join(parts) or "nothing to press"

    def _sounding(self) -> Saying | None:
        rehearsal = self.scene.rehearsal
        every = (one for one in rehearsal.of(self.scene.caller) if isinstance(one, Saying))
        return next((one for one in every if rehearsal.sounds(one)), None)

    def _next(self) -> None:
        rehearsal = self.scene.rehearsal
        before = self._situation()
        if not rehearsal.until(lambda: self._situation() != before, PATIENCE_SECONDS):
            raise UnmetError("nothing more happens by itself: press keys, hang up, or `wait 60s`")

    def _situation(self) -> tuple[Any, ...]:
        told = list(self.teller.told(self.scene.rehearsal.moments[self._shown :]))
        live = self.scene.last is not None and self.scene.is_live
        call = self.scene.rehearsal.call(self.scene.caller) if live else None
        return len(told), self._sounding() if live else None, call and (call.state, call.step, call.wait)

    def _act(self, line: str) -> Any:
        word = next((word for word, form in _FORMS.items() if form.fullmatch(line)), None)
        if re.fullmatch("[0-9*#]+", line):
            entries = {"press": line}
        elif word is None:
            raise WrongLineError(_remedy(line))
        else:
            found = _FORMS[word].fullmatch(line)
            entries = {key: value for key, value in (found.groupdict() if found else {}).items() if value}
            entries.setdefault(word, self.scene.rehearsal.hotline.numbers[0] if word == "call" else "")
        return self._read(line, entries)

    def _read(self, line: str, entries: dict[str, str]) -> Any:
        findings = Findings()
        reader = Reader(findings)
        mark = Mark(SourceFile("", (line,)), 1, 1)
        try:
            act = line_of(_tree(mark, entries), reader).act
            check_test_names(reader, self._hotline)
        except UnreadableError:
            act = None
        if findings.errors:
            wrong = findings.errors[0]
            raise WrongLineError(f"{wrong.message}; {wrong.remedy}")
        return act


def _tree(mark: Mark, entries: dict[str, str]) -> Table | Scalar:
    if "seat" in entries:
        inner = Table(mark, (Entry(Scalar(mark, entries["seat"]), Scalar(mark, entries["conduct"])),))
        return Table(mark, (Entry(Scalar(mark, "seats"), inner),))
    if "answer" in entries:
        return Table(mark, (Entry(Scalar(mark, "lookup"), _lookup(mark, entries)),))
    if list(entries.values()) == [""]:
        return Scalar(mark, next(iter(entries)))
    return Table(mark, tuple(Entry(Scalar(mark, key), Scalar(mark, value)) for key, value in entries.items()))


def _lookup(mark: Mark, entries: dict[str, str]) -> Table:
    pairs = [pair.partition("=") for pair in entries.get("found", "").split()]
    found = Table(mark, tuple(Entry(Scalar(mark, name), Scalar(mark, value)) for name, _, value in pairs))
    says = Table(mark, (Entry(Scalar(mark, "found"), found),)) if pairs else Scalar(mark, entries["answer"])
    return Table(mark, (Entry(Scalar(mark, entries["lookup"]), says),))


def _remedy(line: str) -> str:
    first = line.partition(" ")[0]
    if first in _LIKE:
        return f"{quote(line)} is not complete; type for instance `{_LIKE[first]}`"
    known = [*_FORMS, *_SHORT, "next", "help", "quit"]
    return f"{quote(line)} means nothing here; {guess(line, known, 'type `help`')}"
