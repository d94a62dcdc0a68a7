"""This file decides how `ivr.yaml` says who is told of an alert, and how. It does not know how anybody is told.

A messenger is written by one setting that says what it is (`webhook`, `smtp`, `command`, `mqtt`), and others that go
with it. People are groups that the dialplan names; under each messenger stand their addresses.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from ivr_engine.dialplan.diagnostics import guess, quote
from ivr_engine.dialplan.fields import Named, Place
from ivr_engine.dialplan.lookups import AnswerPath
from ivr_engine.dialplan.reader import Kind, Reader
from ivr_engine.dialplan.scalars import Duration, Label, Pattern, Tag
from ivr_engine.dialplan.source import Entry, Scalar, Sequence, Table, UnreadableError, Value
from ivr_engine.messengers.messenger import PATIENCE, WORDS
from ivr_engine.setting_kinds import Location, Port, Secret, Url

_MAIL = r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9.-]+"
_SPOT = re.compile(r"<([a-z]+)>")
LONGEST_TRY_SECONDS = 60


@dataclass(frozen=True)
class _Body(Kind):
    """JSON as it is sent, with `<…>` where something of the alert goes."""

    expected: ClassVar[str] = "a group of what is sent"
    example: ClassVar[str] = "{phone: <address>, content: <title>}"

    def read(self, value: Value, reader: Reader) -> Any:
        """The same as Python has it."""
        if not isinstance(value, Table) or not value.entries:
            raise self.wrong(value, reader, f"write for instance `body: {self.example}`")
        return self._table(value, reader)

    def _table(self, table: Table, reader: Reader) -> dict[str, Any]:
        read = {}
        for entry in table.entries:
            with reader.inside(entry.key.text):
                read[entry.key.text] = self._any(entry.value, reader)
        return read

    def _any(self, value: Value, reader: Reader) -> Any:
        match value:
            case Table():
                return self._table(value, reader)
            case Sequence(items=items):
                return [self._any(item, reader) for item in items]
            case Scalar() if isinstance(value.value, str):
                _check_spots(value, (*WORDS, "token"), reader)
        return value.value


@dataclass(frozen=True)
class _Program(Kind):
    """A program and its arguments, word by word as it gets them: no shell takes part."""

    expected: ClassVar[str] = "a list: a program and its arguments"
    example: ClassVar[str] = '[/usr/local/bin/page, --to, "<address>"]'

    def read(self, value: Value, reader: Reader) -> tuple[str, ...]:
        """The words."""
        if not isinstance(value, Sequence) or not value.items:
            raise self.wrong(value, reader, f"write for instance `command: {self.example}`")
        for number, item in enumerate(value.items):
            _check_spots(item, ("address",) if number else (), reader)
        return tuple(self.scalar(item, reader) for item in value.items)


def _check_spots(value: Value, known: tuple[str, ...], reader: Reader) -> None:
    for found in _SPOT.finditer(value.text if isinstance(value, Scalar) else ""):
        if found[1] not in known:
            shown = ", ".join(f"<{one}>" for one in known)
            remedy = guess(found[1], known, f"known here: {shown}" if known else "write the program's own name")
            if found[1] in WORDS and known:
                remedy = f"only {shown} can stand here: the rest is in the JSON on standard input"
            raise reader.refuse(value.mark, "E204", f"{reader.where} cannot hold {quote(found[0])}", remedy)


@dataclass(frozen=True, kw_only=True)
class MessengerSettings:
    """A way to people: exactly one of `webhook`, `smtp`, `command` and `mqtt`, and what goes with it."""

    webhook: Url | None = None  # is sent JSON; `<token>` in it is the token
    body: Annotated[Mapping[str, Any] | None, _Body()] = None  # what is sent; left out: all there is to say
    answer: Mapping[AnswerPath, str] = field(default_factory=dict)  # what must come back, such as {errcode: 0}
    token: Annotated[str | None, Named("token file"), Secret("IVR_MESSENGER_{}_TOKEN")] = field(
        default=None, repr=False
    )
    smtp: Annotated[str | None, Pattern(r"[A-Za-z0-9.:-]+", "a mail server", "mail.example.com")] = None
    port: Port | None = None  # left out: 587 for starttls, 465 for tls, 25 for none
    sender: Annotated[str | None, Named("from"), Pattern(_MAIL, "a mail address", "hotline@example.com")] = None
    user: str | None = None
    password: Annotated[str | None, Named("password file"), Secret("IVR_MESSENGER_{}_PASSWORD")] = field(
        default=None, repr=False
    )
    tls: Literal["starttls", "tls", "none"] = "starttls"
    command: Annotated[tuple[str, ...] | None, _Program()] = None  # gets the alert as JSON on standard input
    mqtt: Annotated[str | None, Pattern(r"[^\s+#/<>]+(/([^\s+#/<>]+|<address>))*", "a topic", "alerts/<address>")] = (
        None  # under the broker's prefix
    )
    ca_file: Location | None = None  # who vouches for the other side, if the machine does not know
    within: Annotated[float, Duration(longest=LONGEST_TRY_SECONDS)] = PATIENCE  # for one try

    def judge(self, at: Place) -> None:
        """It is one kind, complete, and nothing else is written."""
        written = [entry.key.text for entry in at.table.entries]
        kinds = [one for one in written if one in _GO_WITH]
        if len(kinds) != 1:
            is_what = f"is {' and '.join(kinds)} at once" if kinds else "does not say what it is"
            remedy = "keep one of them" if kinds else f"add one of {', '.join(_GO_WITH)}"
            raise at.reader.refuse(at.of(kinds[-1] if kinds else ""), "E204", f"{at.reader.where} {is_what}", remedy)
        (kind,) = kinds
        for key in written:
            if key not in {kind, "within", *_GO_WITH[kind]}:
                message = f"{quote(key)} says nothing to {at.reader.where}, which is a {kind}"
                raise at.reader.refuse(at.of(key), "E204", message, "leave it out")
        for message, remedy in self._lacks(kind):
            raise at.reader.refuse(at.of(kind), "E202", f"{at.reader.where} {message}", remedy)

    def _lacks(self, kind: str) -> Iterator[tuple[str, str]]:
        if kind == "smtp" and self.sender is None:
            yield "does not say who writes", "add `from: hotline@example.com`"
        if kind == "smtp" and (self.user is None) != (self.password is None):
            yield "has a user or a password, and not the other", "write `user` and `password file`, or neither"
        if kind == "webhook" and "<token>" in f"{self.webhook} {self.body}" and self.token is None:
            yield "has a place for a token, and none", "add `token file: secrets/…`"


_GO_WITH: Mapping[str, tuple[str, ...]] = {
    "webhook": ("body", "answer", "token file", "ca file"),
    "smtp": ("port", "from", "user", "password file", "tls", "ca file"),
    "command": (),
    "mqtt": (),
}

Address = Annotated[
    str, Pattern(r"(?!-)[^\s\x00-\x1f\x7f<>]{1,200}", "an address without blanks, such as a number", "13800000001")
]
PeopleByGroup = Mapping[Tag, Mapping[Label, tuple[Address, ...]]]


def check_people(messengers: Mapping[str, MessengerSettings], at: Place) -> None:
    """Refuse people under a messenger that nobody wrote, or at addresses it cannot use."""
    for group, entry in _told(at.table):
        name = entry.key.text
        messenger = messengers.get(name)
        if messenger is None:
            known = ", ".join(messengers) or "none"
            remedy = guess(name, messengers, f"add it to `messengers` (there: {known})")
            message = f"{quote(group)} is told by {quote(name)}, which is no messenger"
            at.reader.refuse(entry.key.mark, "E403", message, remedy)
        elif messenger.smtp is not None:
            _check_mail(entry.value, at.reader)
    if at.reader.findings.errors:
        raise UnreadableError


def check_broker(messengers: Mapping[str, MessengerSettings], at: Place) -> None:
    """Refuse a messenger that needs the broker, where the settings have none."""
    for name, messenger in messengers.items():
        if messenger.mqtt is not None:
            message = f"the messenger {quote(name)} speaks over MQTT, and the settings name no broker"
            raise at.reader.refuse(at.of("messengers"), "E202", message, "add `mqtt: {host: …}`")


def _told(table: Table) -> Iterator[tuple[str, Entry]]:
    people = table.get("people")
    for group in people.entries if isinstance(people, Table) else ():
        for entry in group.value.entries if isinstance(group.value, Table) else ():
            yield group.key.text, entry


def _check_mail(addresses: Value, reader: Reader) -> None:
    for one in addresses.items if isinstance(addresses, Sequence) else (addresses,):
        if isinstance(one, Scalar) and not re.fullmatch(_MAIL, one.text):
            message = f"{quote(one.text)} is no mail address"
            reader.refuse(one.mark, "E204", message, "write for instance `ops@example.com`")
