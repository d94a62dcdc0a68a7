"""This file lists what is told when people must know of something, and what became of it. It knows no way to them."""

from ivr_engine.model.stages import Notice


class AlertRaised(Notice, frozen=True):
    """People must know of something.

    `alert` names it: one that is raised again is not sent twice to the same address. `to` names groups of people, as
    the dialplan writes them. `kind` is a word or two: "proposed", "switched", "clock due", "trigger". `title` is one
    line, `text` Markdown of any length.
    """

    alert: str
    at: float
    to: tuple[str, ...]
    kind: str
    title: str
    text: str
    profile: str = ""
    level: str = ""


class AlertSent(Notice, frozen=True):
    """How it went to tell an address of an alert. `to` is masked; a group where nobody is named for it.

    `why` is what hindered it. `again`: it will be tried again; otherwise this is the end. `messenger` is empty where
    there is none.
    """

    alert: str
    at: float
    to: str
    messenger: str
    ok: bool
    why: str = ""
    tries: int = 1
    again: bool = False
