"""No caller's number stands in the log, whoever forgot to mask it."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from ivr_engine.logs import LosslessOfCalls, configure_logging, mask_numbers
from ivr_engine.settings import LogSettings


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(("number", "shown"), [("13812345678", "138****5678"), ("1001", "****"), ("", "")])
@pytest.mark.parametrize("field", ["caller", "number"])
def test_numbers_are_masked(field: str, number: str, shown: str) -> None:
    assert mask_numbers(None, "info", {"event": "x", field: number}) == {"event": "x", field: shown}


def test_what_is_no_number_is_left_as_it_is() -> None:
    event = {"event": "x", "caller": None, "number": 5, "call": "hotline-13812345678.1"}
    assert mask_numbers(None, "info", dict(event)) == event


def test_the_log_is_one_json_line_an_event_with_numbers_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format="json"))
    structlog.get_logger().info("来电", caller="13812345678")
    ((line),) = lines(capsys)
    assert (line["event"], line["caller"], line["level"]) == ("来电", "138****5678", "info")
    assert str(line["timestamp"]).endswith("Z")


def test_a_number_is_masked_in_the_pretty_log_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format="pretty"))
    structlog.get_logger().warning("call", caller="13812345678")
    text = capsys.readouterr().err
    assert "138****5678" in text
    assert "13812345678" not in text


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format="json", level="warning"))
    structlog.get_logger().info("quiet")
    structlog.get_logger().error("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]


def test_a_fault_is_written_with_its_cause(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(LogSettings(format="json"))
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        structlog.get_logger().exception("failed")
    (line,) = lines(capsys)
    assert "ZeroDivisionError: division by zero" in str(line["exception"])


class Closed(io.StringIO):
    def write(self, _: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise OSError("no space")


def test_a_log_nobody_can_write_costs_lines_and_no_exception() -> None:
    stream = LosslessOfCalls(Closed())
    stream.write("nobody reads this\n")
    stream.flush()
    assert stream.lost == 2
