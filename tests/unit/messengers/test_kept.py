"""That the file of alerts survives a crash in the middle of a line, and does not grow for ever."""

from pathlib import Path

import pytest

from ivr_engine.messengers.kept import REMEMBERED_SECONDS, Delivery, Ended, KeptAlerts, Taken
from tests.unit.messengers.gateway import raised

AT = raised().at
ONE, TWO = Delivery("a1", "sms", "1"), Delivery("a1", "sms", "2")
TAKEN = Taken(raised(), (ONE[1:], TWO[1:]))


@pytest.fixture
def kept(tmp_path: Path) -> KeptAlerts:
    return KeptAlerts(tmp_path / "state" / "alerts.jsonl")


def _file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "alerts.jsonl"


def test_nothing_is_kept_before_something_was(kept: KeptAlerts, tmp_path: Path) -> None:
    assert kept.load(AT) == ([], set())
    assert not (tmp_path / "state").exists()


def test_what_is_added_is_read_back(kept: KeptAlerts, tmp_path: Path) -> None:
    kept.add([TAKEN])
    kept.add([Ended(*ONE)])
    assert kept.load(AT) == ([TAKEN], {ONE})
    assert kept.load(AT) == ([TAKEN], {ONE}), "also when it was written anew"
    assert _file(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("torn", [b'{"type":"taken","al', b"\xff\xfe", b'{"type":"else"}\n', b"[]"])
def test_a_torn_line_costs_only_itself(kept: KeptAlerts, tmp_path: Path, torn: bytes) -> None:
    kept.add([TAKEN])
    with _file(tmp_path).open("ab") as file:
        file.write(torn)
    kept.add([Ended(*TWO)])
    assert kept.load(AT) == ([TAKEN], {TWO})


def test_what_is_over_and_old_is_forgotten_and_what_is_open_is_not(kept: KeptAlerts, tmp_path: Path) -> None:
    other = Taken(raised("a2"), (("sms", "1"),))
    kept.add([TAKEN, other, Ended(*ONE), Ended(*TWO)])
    later = AT + REMEMBERED_SECONDS
    assert kept.load(later) == ([other], set())
    assert len(_file(tmp_path).read_bytes().splitlines()) == 1
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["alerts.jsonl"]
