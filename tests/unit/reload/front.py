"""A reloader on a simulated hotline: what it orders is taken in at once, and what the core tells comes back to it."""

import shutil
from pathlib import Path
from typing import Any

from ivr_engine.dialplan.hotline import Hotline
from ivr_engine.dialplan.load import load
from ivr_engine.model.events import AnyEvent
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import NODE_TYPES, Node
from ivr_engine.prompts import PromptBook
from ivr_engine.provision import noted, untold
from ivr_engine.reload import DialplanFiles, Reloader, begin
from ivr_engine.versions import Shelf
from tests.simulation.stories import Story
from tests.simulation.world import ACME

NOW = 1_800_000_060.0


class QuickBook(PromptBook):
    """Sounds nobody has to speak."""

    def _sound(self, prompt: Prompt, draft: Path) -> None:
        draft.write_text(prompt.text, "utf-8")


class Counted:
    """What the reloader told of itself."""

    def __init__(self) -> None:
        self.results: list[str] = []
        self.differs: bool | None = None
        self.broken: bool | None = None

    def reloaded(self, result: str) -> None:
        self.results.append(result)

    def on_disk(self, *, differs: bool, broken: bool) -> None:
        self.differs, self.broken = differs, broken


async def nothing_unready(*_: Hotline[Node]) -> tuple[str, ...]:
    return ()


class Front:
    """ACME's files in a folder of their own, and an engine's part that takes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dialplan, self.state = folder / "dialplan", folder / "state" / "versions"
        if not self.dialplan.exists():
            shutil.copytree(ACME, self.dialplan)
        self.book = QuickBook(folder / "prompts")
        self.shelf = Shelf(self.state)
        self.unready: tuple[str, ...] = ()
        self.now = NOW
        self.heard = 0

    def begin(self) -> "Front":
        """An engine begins."""
        if self.shelf.standing() is None:
            self.build()
        self.beginning = begin(self.dialplan, self.book, self.shelf)
        self.story = Story(self.beginning.hotline)
        for earlier in reversed(self.beginning.earlier):
            self.story.board.offer_version(earlier)
        self.counted = Counted()
        files = DialplanFiles(self.dialplan, self.book, self.shelf, lambda: self.now)
        self.reloader = Reloader(files, self.story.board, self._tell, self.counted, self._unready)
        return self

    async def start(self) -> "Front":
        self.begin()
        await self.reloader.started(self.beginning, "tester")
        return self

    def build(self) -> None:
        hotline: Hotline[Any] = load(self.dialplan, NODE_TYPES)
        self.book.build(hotline)

    def edit(self, before: str, after: str, file: str = "hotline.yaml") -> None:
        """Change some words in a file on disk."""
        path = self.dialplan / file
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        self.now += 1.0

    @property
    def running(self) -> str:
        return self.story.board.hotline.version

    async def _unready(self, before: Hotline[Node], after: Hotline[Node]) -> tuple[str, ...]:
        return (*self.unready, *untold(noted(self.folder), before, after))

    def _tell(self, event: AnyEvent) -> None:
        known = len(self.story.notices)
        self.story.tell(event)
        for notice in self.story.notices[known:]:
            self.reloader.hear(notice)
