"""This file decides which words an admin can write. It does not know what any of them does.

A new word is a file here and a line in this table; the loader reads its settings off its fields.
"""

from collections.abc import Mapping

from ivr_engine.nodes._node import Node
from ivr_engine.nodes.briefing import Briefing
from ivr_engine.nodes.call import Call
from ivr_engine.nodes.callback import Callback
from ivr_engine.nodes.classify import Classify
from ivr_engine.nodes.collect import Collect
from ivr_engine.nodes.enqueue import Enqueue
from ivr_engine.nodes.goto import Goto
from ivr_engine.nodes.hangup import Hangup
from ivr_engine.nodes.hours import Hours
from ivr_engine.nodes.language import Language
from ivr_engine.nodes.lookup import Lookup
from ivr_engine.nodes.menu import Menu
from ivr_engine.nodes.remember import Set, Tag
from ivr_engine.nodes.say import Say
from ivr_engine.nodes.split import Split
from ivr_engine.nodes.status import Status
from ivr_engine.nodes.transfer import Transfer
from ivr_engine.nodes.voicemail import Voicemail

__all__ = ["NODE_TYPES", "Node"]

NODE_TYPES: Mapping[str, type[Node]] = {
    Menu.WORD: Menu,
    Say.WORD: Say,
    Collect.WORD: Collect,
    Lookup.WORD: Lookup,
    Set.WORD: Set,
    Tag.WORD: Tag,
    Language.WORD: Language,
    Call.WORD: Call,
    Hours.WORD: Hours,
    Classify.WORD: Classify,
    Split.WORD: Split,
    Status.WORD: Status,
    Briefing.WORD: Briefing,
    Enqueue.WORD: Enqueue,
    Transfer.WORD: Transfer,
    Voicemail.WORD: Voicemail,
    Callback.WORD: Callback,
    Goto.WORD: Goto,
    Hangup.WORD: Hangup,
}
