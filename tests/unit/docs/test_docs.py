"""The docs say nothing that can be proved wrong: links resolve, examples load, commands exist, pages are current."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from ivr_engine.cli import app
from ivr_engine.dialplan.diagnostics import CODES, Findings, render
from ivr_engine.dialplan.explained import EXPLAINED
from ivr_engine.dialplan.load import check, load
from ivr_engine.dialplan.source import read_yaml
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.reference import __main__ as reference

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
THE_PLAN = "docs/adr/0010"  # names files that were planned and are not there
FENCE = re.compile(r"^```(\S+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced example: its language, what stands behind that, and the text."""

    language: str
    about: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    return (Block(*found) for found in FENCE.findall(page.read_text("utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    prose = FENCE.sub("", page.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} is not there"
        if anchor:
            assert anchor in anchors(there), f"{target}: no such heading"


def anchors(page: Path) -> set[str]:
    """The headings as GitHub names them: small letters, digits, - and _; blanks become -."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", NAMES)
def test_every_yaml_example_is_a_hotlines_file_or_says_that_it_is_a_fragment(name: str, tmp_path: Path) -> None:
    folders = set()
    for block in blocks(ROOT / name):
        if block.language != "yaml":
            continue
        findings = Findings()
        read_yaml(name, block.text.encode(), findings)
        assert not findings.found, render(findings.found)
        if block.about != "fragment":
            kind, _, path = block.about.partition("=")
            assert kind == "file", "write ```yaml file=dialplans/NAME/hotline.yaml, or ```yaml fragment"
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
            folders.add(tmp_path.joinpath(*Path(path).parts[:2]))
    for folder in folders:
        found = check([folder], NODE_TYPES)
        assert not found, render(found)


def test_the_word_in_extend_works_as_printed(tmp_path: Path) -> None:
    (example,) = (block for block in blocks(ROOT / "docs/howto/extend.md") if block.language == "python")
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(example.text, "extend.md", "exec"), names)
    (steps,) = (block.text for block in blocks(ROOT / "docs/howto/extend.md") if block.language == "yaml")
    file = tmp_path / "one.yaml"
    file.write_text(
        'hotline: one\nnumbers: ["1"]\nlanguages: [en]\ntimezone: Asia/Shanghai\nstart: moment\n'
        "pools: {local: {agents: [1001]}}\nqueues: {general: {pools: [local]}}\n"
        f"fallback: {{say: Hello., agents: [1001]}}\n{steps}  main: {{enqueue: general}}\n"
    )
    moment: Any = load(file, {**NODE_TYPES, "pause": names["Pause"]}).normal.steps["moment"]  # type: ignore[index]
    assert moment.enter().orders == (names["Wait"](3.0),)
    assert moment.handle(None, names["Waited"]()).exit == names["GoTo"]("main")
    assert moment.handle(None, names["Pressed"]("1")).orders == (names["Wait"](3.0),)


def commands() -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}

    def walk(words: tuple[str, ...], command: Any) -> None:
        found[words] = command
        for word, inner in getattr(command, "commands", {}).items():
            walk((*words, word), inner)

    walk((), typer.main.get_command(app))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_of_ivr_that_is_named_exists(name: str) -> None:
    known = commands()
    text = (ROOT / name).read_text("utf-8")
    told = re.findall(r"`(?:\.venv/bin/)?ivr ([a-z][^`\n]*)`", text)
    told += re.findall(r"^(?:    |\$ )(?:\.venv/bin/)?ivr ([a-z].*)$", text, re.MULTILINE)
    for line in told:
        words = tuple(shlex.split(line.partition("#")[0].replace("…", "")))
        command = next(known[words[:length]] for length in (2, 1, 0) if words[:length] in known)
        assert command is not known[()], f"there is no command `ivr {line}`"
        options = {option for one in command.params for option in one.opts}
        assert {word for word in words if word.startswith("-")} <= options, f"`ivr {line}` has an unknown option"


@pytest.mark.parametrize("name", NAMES)
def test_every_target_of_make_that_is_named_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = re.findall(r"(?:`|^    )make ([a-z]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert set(told) <= targets


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(THE_PLAN)])
def test_every_file_of_ours_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    told = re.findall(r"`((?:[a-z_-]+/)+[\w.-]+\.(?:py|j2|yml|yaml|sh))`", text)
    for path in told:
        if path.startswith("docker/etc/"):
            continue  # the deployer's own
        assert any((ROOT / base / path).exists() for base in ("", "ivr_engine", "asterisk-config", "docker")), path


def test_the_reference_is_current() -> None:
    assert reference.stale_pages() == [], "run python -m ivr_engine.reference"


def test_every_code_is_explained() -> None:
    assert set(EXPLAINED) == set(CODES)


def test_every_decision_is_in_the_list_and_says_what_it_must() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    listed = (folder / "README.md").read_text("utf-8")
    for page in pages:
        assert f"({page.name})" in listed
        text = page.read_text("utf-8")
        assert text.startswith(f"# {page.name[:4]} ")
        assert all(f"**{part}" in text for part in ("Context.", "Decision.", "Rejected", "Consequences."))
