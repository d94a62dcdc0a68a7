"""This file decides how a mistake in a file is told to the person who wrote it. It does not know what is a mistake."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

# Every code there is. A code keeps its meaning for ever: people search for it, and CI jobs match on it.
CODES: Mapping[str, str] = {
    "E101": "the file is not YAML",
    "E102": "a tab",
    "E103": "the same key twice",
    "E104": "an anchor, an alias or a merge",
    "E105": "a tag",
    "E106": "the file is not UTF-8",
    "E107": "a character nobody can see",
    "E108": "the file is too large",
    "E109": "nested too deeply",
    "E110": "more than one document in a file",
    "E111": "nothing in the file",
    "E112": "a key that is not a plain word",
    "E113": "the file cannot be read",
    "E114": "too many mistakes",
    "E115": "a full-width sign where a plain one is wanted",
    "E116": "a text that needs quotes",
    "E117": "a colon without a blank behind it",
    "E201": "an unknown setting",
    "E202": "a setting is missing",
    "E203": "a value of the wrong kind",
    "E204": "a value that cannot be",
    "E205": "an unknown word",
    "E206": "two words in one step",
    "E207": "an unusable name",
    "E208": "nothing to say",
    "E209": "an empty list",
    "E210": "no key of a telephone",
    "E211": "listed twice",
    "E212": "a value that cannot be said",
    "E213": "a recorded file that cannot be used",
    "E214": "a check of digits that cannot be read",
    "E301": "no such step",
    "E302": "no such queue",
    "E303": "no such pool",
    "E304": "no such agent",
    "E305": "a loop without any caller input",
    "E306": "a text without the default language",
    "E307": "a language the hotline does not speak",
    "E308": "a prompt without sound",
    "E309": "the same name for two things",
    "E310": "a pool without seats",
    "E311": "no such destination",
    "E312": "no such shift",
    "E313": "no such lookup",
    "E314": "a value nobody keeps",
    "E315": "no such crisis profile",
    "E316": "a secret that would be said, or be in an address",
    "E318": "no such skill",
    "E319": "needs that nobody meets",
    "E321": "a calendar that contradicts itself",
    "E322": "shares that are not everybody",
    "E323": "an overflow with nobody before it",
    "E324": "seats kept that are not there",
    "E325": "no such lane",
    "E326": "a queue nobody serves",
    "E331": "a phone code of two crisis profiles",
    "E332": "a crisis profile that contradicts itself",
    "E333": "a promise nobody may make",
    "E334": "two people where there is one",
    "E341": "a trigger whose settings do not fit",
    "E342": "a trigger that is over before it fires",
    "E343": "triggers that contradict each other",
    "E401": "a secret that cannot be had",
    "E402": "no public key",
    "E403": "no such messenger",
    "W401": "a step nobody reaches",
    "W402": "a text that lacks a language",
    "W403": "a queue nobody joins",
    "W404": "no way to a person",
    "W405": "patience that ends in nothing",
    "W406": "declared and never used",
    "W407": "a file nobody reads",
    "W408": "a choice that waits for more keys",
    "W409": "a key that hides the way to a person",
    "W410": "more choices than anyone remembers",
    "W411": "words that take too long",
    "W412": "words in another language",
    "W413": "words lost or swallowed",
    "W414": "a confirmation that does not say what it is about",
    "W421": "a year without a calendar",
    "W422": "a shift that needs a calendar",
    "W423": "a rule nobody comes to",
    "W424": "a status that is out of date",
    "W425": "a make-up workday that is no weekend",
    "W426": "a crisis without the seats it asks for",
    "W431": "callers who may wait for ever",
    "W432": "a clock nobody hears of",
    "W433": "a higher level with fewer seats",
    "W434": "a person whose time is over",
    "W435": "a queue changed in vain",
}
MOST = 100  # mistakes told about one hotline; who has more will not read further
WIDEST = 100  # columns shown of the user's own line
LONGEST_GUESS = 40  # a longer word is no misspelt name


class Severity(StrEnum):
    """Whether the file is refused for it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One mistake. `line` and `column` count from 1; line 0 means the file as a whole."""

    file: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    excerpt: str = field(default="", compare=False)  # the user's own line

    def __str__(self) -> str:
        """Everything in one line."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.code} {self.message}; {self.remedy}"


class TooManyError(Exception):
    """More mistakes than anyone reads: reading on only costs time."""


@dataclass(slots=True)
class Findings:
    """Collects what is found, so that all of it is told at once."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        """Take one in. Raises TooManyError once there are more than anyone reads."""
        if diagnostic in self.found:
            return  # what is written once may be read twice: agents, in a hotline of three lines
        self.found.append(diagnostic)
        if len(self.found) >= MOST:
            self.found.append(
                Diagnostic(diagnostic.file, 0, 0, "E114", f"more than {MOST} mistakes", "begin with the first ones")
            )
            raise TooManyError

    @property
    def errors(self) -> list[Diagnostic]:
        """Those for which the file is refused."""
        return [one for one in self.found if one.severity is Severity.ERROR]


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """All of them as text for a terminal, in the order of the files."""
    return "\n".join(_render(one) for one in sorted(diagnostics))


def _render(one: Diagnostic) -> str:
    if not one.line:
        return f"{one.file}: {one.code} {one.message}\n  {one.remedy}"
    shown, before = _window(_visible(one.excerpt), one.column - 1)
    gutter = f"{one.line:>5} | "
    caret = " " * (len(gutter) - 2) + "| " + _blank(before) + "^"
    head = f"{one.file}:{one.line}:{one.column}: {one.code} {one.message}"
    return f"{head}\n{gutter}{shown}\n{caret}\n  {one.remedy}"


def _window(line: str, at: int) -> tuple[str, str]:
    """The part of a line worth showing, and what of it stands before the caret."""
    if len(line) <= WIDEST:
        return line, line[:at]
    start = max(0, at - WIDEST // 2)
    left = "…" if start else ""
    right = "…" if start + WIDEST < len(line) else ""
    return left + line[start : start + WIDEST] + right, left + line[start:at]


def _blank(text: str) -> str:
    """Blanks as wide as `text` is on a terminal, where a Chinese character takes two columns."""
    return "".join(_blank_for(char) for char in text)


def _blank_for(char: str) -> str:
    if char == "\t" or unicodedata.combining(char):
        return char if char == "\t" else ""
    return "  " if unicodedata.east_asian_width(char) in "WF" else " "


def _visible(text: str) -> str:
    """Without anything a terminal would obey: a file must not clear the screen of who checks it."""
    return "".join(char if char.isprintable() or char in "\t\u3000\xa0" else "·" for char in text)


def quote(text: str) -> str:
    """The user's words as they appear inside a message."""
    text = _visible(text).replace("\t", " ")
    short = text if len(text) <= LONGEST_GUESS else text[:LONGEST_GUESS] + "…"
    return f"`{short}`"


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    plain = unicodedata.normalize("NFKC", wrong).strip().replace("_", " ")
    near = {name.replace("_", " ").casefold(): name for name in list(known)[:1000] if abs(len(name) - len(plain)) < 4}
    if len(wrong) > LONGEST_GUESS:
        return None
    found = get_close_matches(plain.casefold(), near, n=1, cutoff=0.66)
    return near[found[0]] if found else None


def guess(wrong: str, known: Iterable[str], otherwise: str) -> str:
    """A remedy: the probable name, else the sentence `otherwise`."""
    name = did_you_mean(wrong, known)
    return f"did you mean {quote(name)}?" if name else otherwise
