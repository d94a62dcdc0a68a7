"""The house's own rules (docs: design/house.md), where neither imports nor types can keep them.

Each rule is also shown to catch what it forbids, so that none of them can come to pass everything unnoticed.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "ivr_engine"
FILES = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)
GENERATED = {ROOT / "ari" / "models.py", ROOT / "ari" / "operations.py"}

DECIDING = ("core", "nodes", "dialplan", "spoken", "model")  # no clock
WITHOUT_FILES = ("core", "nodes", "spoken", "model")  # dialplan reads its YAML

CLOCKS = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}
CLOCK_MODULES = {"time", "random", "secrets", "uuid"}
FILE_CALLS = {"open", "print", "input"}
FILE_METHODS = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "touch", "rename"),
    *("exists", "is_file", "is_dir", "iterdir", "glob", "rglob", "stat", "chmod", "rmdir", "cwd", "home"),
}
# Their first words are still to be found, by those who are writing them.
SPEAKING = [path for path in FILES if path.name not in {"__init__.py", "__main__.py"} and path not in GENERATED]
BAD_WORDS = re.compile(r"manager|helper|utils?(?![a-z])", re.IGNORECASE)

Rule = Callable[[ast.Module], Iterator[str]]


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Each call, with the name before its last dot and the name behind it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, ast.unparse(node.func.value), node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, "", node.func.id


def asks_the_time_or_chance(tree: ast.Module) -> Iterator[str]:
    for call, owner, name in calls(tree):
        of_a_clock = owner.rpartition(".")[2] in {"datetime", "date"} and name in CLOCKS
        if of_a_clock or owner.partition(".")[0] in CLOCK_MODULES:
            yield f"line {call.lineno}: {owner}.{name}()"
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        yield from (f"import of {name}" for name in names if name.partition(".")[0] in CLOCK_MODULES)


def touches_files(tree: ast.Module) -> Iterator[str]:
    for node, owner, name in calls(tree):
        if (not owner and name in FILE_CALLS) or (owner and name in FILE_METHODS):
            yield f"line {node.lineno}: {owner}.{name}()"


def waits(tree: ast.Module) -> Iterator[str]:
    kinds = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    for node in ast.walk(tree):
        if isinstance(node, kinds):
            yield f"line {node.lineno}: {type(node).__name__}"


def dispatches_by_text(tree: ast.Module) -> Iterator[str]:
    for node, owner, name in calls(tree):
        if not owner and name == "getattr" and isinstance(node.args[1], ast.JoinedStr):
            yield f"line {node.lineno}: getattr with a name made up of text"
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in {"__getattr__", "__getattribute__"}:
            yield f"line {function.lineno}: {function.name}"


def swallows(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _is_empty(node)) and not _says_why(node):
            yield f"line {node.lineno}: an except that says nothing"


def _is_empty(handler: ast.ExceptHandler) -> bool:
    broad = isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    return broad and all(isinstance(part, ast.Pass) for part in handler.body)


def _says_why(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(part, ast.Raise) for part in handler.body)


def misnames(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and BAD_WORDS.search(node.name):
            yield f"line {node.lineno}: class {node.name}"


def rooms(*names: str) -> list[Path]:
    return [path for path in FILES if path.relative_to(ROOT).parts[0] in names]


RULES = [(path, asks_the_time_or_chance) for path in rooms(*DECIDING)]
RULES += [(path, waits) for path in rooms(*DECIDING)]
RULES += [(path, touches_files) for path in rooms(*WITHOUT_FILES)]
RULES += [(path, rule) for path in FILES for rule in (dispatches_by_text, swallows, misnames) if path not in GENERATED]


def _named(value: object) -> str:
    return str(value.relative_to(ROOT)) if isinstance(value, Path) else getattr(value, "__name__", "")


@pytest.mark.parametrize(("path", "rule"), RULES, ids=_named)
def test_a_file_keeps_the_rules_of_its_room(path: Path, rule: Rule) -> None:
    assert list(rule(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (asks_the_time_or_chance, "datetime.now()"),
        (asks_the_time_or_chance, "datetime.datetime.utcnow()"),
        (asks_the_time_or_chance, "date.today()"),
        (asks_the_time_or_chance, "time.monotonic()"),
        (asks_the_time_or_chance, "random.choice(seats)"),
        (asks_the_time_or_chance, "from time import monotonic"),
        (asks_the_time_or_chance, "import random as chance"),
        (touches_files, "open('x')"),
        (touches_files, "Path('x').read_text()"),
        (touches_files, "print('x')"),
        (waits, "async def f(): ..."),
        (waits, "async def f(): await g()"),
        (dispatches_by_text, "getattr(self, f'_{kind}')()"),
        (dispatches_by_text, "class A:\n def __getattr__(self, name): ..."),
        (swallows, "try: f()\nexcept: pass"),
        (swallows, "try: f()\nexcept Exception: pass"),
        (misnames, "class CallManager: ..."),
        (misnames, "class QueueHelper: ..."),
        (misnames, "class Utils: ..."),
    ],
)
def test_a_rule_catches_what_it_forbids(rule: Rule, line: str) -> None:
    assert list(rule(ast.parse(line)))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (asks_the_time_or_chance, "out.now - call.enqueued_at"),
        (asks_the_time_or_chance, "self.seats.now(time)"),
        (touches_files, "self.queue.join(call, since)"),
        (swallows, "try: f()\nexcept OSError: pass"),
        (misnames, "class Utility: ..."),
    ],
)
def test_a_rule_lets_pass_what_is_none_of_its_business(rule: Rule, line: str) -> None:
    assert list(rule(ast.parse(line))) == []


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_a_file_is_not_named_for_what_it_might_hold(path: Path) -> None:
    assert not [part for part in path.relative_to(ROOT).with_suffix("").parts if BAD_WORDS.search(part)]


@pytest.mark.parametrize("path", SPEAKING, ids=_named)
def test_a_file_says_what_it_decides_and_what_it_does_not_know(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    assert re.match(r"This file \w+|Decides \w+", text), "its first words are what it decides"
    assert re.search(r"\bknow|\bdoes not|\bnothing\b|\bno\b", text), "it must say what it does not know"
    assert len(text.splitlines()[0]) <= 120


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_no_file_is_longer_than_can_be_kept_in_mind(path: Path) -> None:
    if path not in GENERATED:
        assert len(path.read_text("utf-8").splitlines()) <= 320
