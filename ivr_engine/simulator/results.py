"""This file decides how the results of tests are told to people and programs. It does not play any.

A field of the JSON keeps its name and meaning for ever; new ones may come. Readers skip what they do not know.
"""

import json
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as Xml

from ivr_engine.dialplan.diagnostics import render
from ivr_engine.simulator.coverage import Missed
from ivr_engine.simulator.playing import Played, Results


def as_text(results: Results) -> str:
    """What failed, what nobody came to, and a sum."""
    failures = [one.failure for one in results.played if one.failure]
    parts = [render([failure]) for failure in failures]
    parts += [_missed(hotline, one) for hotline, flows in results.missing.items() for one in flows]
    seconds = sum(one.seconds for one in results.played)
    parts.append(f"{len(results.played) - len(failures)} passed, {len(failures)} failed in {seconds:.1f} s")
    return "\n".join(parts)


def _missed(hotline: Path, one: Missed) -> str:
    name, (steps, keys) = f"{hotline.resolve().name}, {one.flow}", one.of
    if one.is_nothing:
        return f"{name}: all {steps} steps visited, all {keys} keys pressed"
    lines = [f"{name}: steps never visited: {', '.join(one.steps)}"] if one.steps else []
    lines += [f"{name}: keys never pressed: {', '.join(one.keys)}"] if one.keys else []
    return "\n".join(lines)


def as_json(results: Results) -> str:
    """All results as one object."""
    told = {
        "passed": len(results.played) - results.failed,
        "failed": results.failed,
        "tests": [_plain(one) for one in results.played],
        "coverage": [
            {
                "hotline": str(hotline),
                "flow": one.flow,
                "steps never visited": one.steps,
                "keys never pressed": one.keys,
            }
            for hotline, flows in results.missing.items()
            for one in flows
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _plain(one: Played) -> dict[str, object]:
    plain: dict[str, object] = {"file": one.file, "test": one.name, "ok": one.failure is None}
    if one.failure:
        failure = one.failure
        place = {"line": failure.line, "column": failure.column}
        plain["failure"] = {**place, "message": failure.message, "story": failure.remedy.split("\n  ")}
    return plain


def as_junit(results: Results) -> str:
    """The XML that build servers read. What nobody came to is told beside the tests."""
    root = Xml.Element("testsuites")
    files: dict[str, list[Played]] = defaultdict(list)
    for one in results.played:
        files[one.file].append(one)
    for file, tests in files.items():
        failed = sum(one.failure is not None for one in tests)
        suite = Xml.SubElement(root, "testsuite", name=file, tests=str(len(tests)), failures=str(failed))
        for one in tests:
            case = Xml.SubElement(suite, "testcase", classname=file, name=one.name, time=f"{one.seconds:.3f}")
            if one.failure:
                Xml.SubElement(case, "failure", message=one.failure.message).text = render([one.failure])
    Xml.SubElement(root, "system-out").text = "\n".join(
        _missed(at, one) for at, flows in results.missing.items() for one in flows
    )
    Xml.indent(root)
    return Xml.tostring(root, "unicode", xml_declaration=True)
