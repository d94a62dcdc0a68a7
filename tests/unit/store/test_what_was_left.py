"""Messages and wishes: kept once, marked by people, and never unmarked by a repeat."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ivr_engine.errors import HotlineError, StartError
from ivr_engine.model.causes import CalledBack, Outcome
from ivr_engine.model.ids import CallId
from ivr_engine.model.notices import CallRecord
from ivr_engine.store import database, rows
from ivr_engine.store.marks import mark_called, mark_heard
from ivr_engine.store.reader import Left, LeftMessage, StoreReader, Waiting
from ivr_engine.store.spill import Spill
from ivr_engine.store.tables import MessageRow, Row, WishRow

CALL = CallRecord(CallId("h-1.1"), "400", "13812345678", "normal", Outcome.COMPLETED_IN_MENU, 10.0, 20.0)
MESSAGE = MessageRow("h-1.1.message-general-3", "h-1.1", "general", 19.0, 7.5)


def wish(call: int, number: str = "13812345678", queue: str = "general", since: float | None = None) -> WishRow:
    return WishRow(f"h-{call}.1.wish4", f"h-{call}.1", queue, number, call if since is None else since, call + 5.0)


class Store:
    def __init__(self, url: str) -> None:
        self.url = url
        database.upgrade(url)
        self.engine = database.connect(url)
        self.reader = StoreReader(url)

    def write(self, *written: Row) -> None:
        rows.write(self.engine, written)

    def open(self) -> list[str]:
        return [one.wish for one in self.reader.wishes()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'calls.db'}")
    with closing(made.reader):
        yield made
    made.engine.dispose()


def test_a_message_is_listed_with_its_callers_number_once_that_is_known(store: Store) -> None:
    store.write(MESSAGE)
    assert store.reader.messages() == [LeftMessage("h-1.1.message-general-3", "h-1.1", "general", 19.0, 7.5)]
    store.write(CALL)
    assert [one.caller for one in store.reader.messages()] == ["13812345678"]


def test_who_heard_a_message_stays_known_when_its_row_comes_again(store: Store) -> None:
    store.write(MESSAGE)
    mark_heard(store.url, MESSAGE.message, "li.wei", 30.0)
    store.write(MESSAGE)
    assert store.reader.messages() == []
    (heard,) = store.reader.messages(heard=True)
    assert (heard.heard_by, heard.heard_at) == ("li.wei", 30.0)
    with pytest.raises(HotlineError, match="no unheard message"):
        mark_heard(store.url, MESSAGE.message, "zhang", 31.0)


def test_wishes_are_listed_in_the_order_in_which_callers_came(store: Store) -> None:
    store.write(wish(1, "13800000001", since=9.0), wish(2, "13800000002", since=3.0))
    assert store.open() == ["h-2.1.wish4", "h-1.1.wish4"]


def test_a_number_has_one_open_wish_in_a_queue_and_keeps_its_first_place(store: Store) -> None:
    store.write(wish(1))
    store.write(wish(2), wish(3, queue="urgent"))
    assert store.open() == ["h-1.1.wish4", "h-3.1.wish4"]
    mark_called(store.url, "h-1.1.wish4", "li.wei", 40.0, CalledBack.REACHED)
    store.write(wish(4))  # another time, another wish
    assert store.open() == ["h-3.1.wish4", "h-4.1.wish4"]


def test_a_caller_who_corrects_his_number_is_called_at_that_one_only(store: Store) -> None:
    corrected = WishRow("h-1.1.wish9", "h-1.1", "general", "01088886666", 1.0, 9.0)
    store.write(wish(1), corrected)
    assert store.open() == ["h-1.1.wish9"]


def test_a_wish_is_open_until_the_caller_is_reached_or_given_up(store: Store) -> None:
    store.write(wish(1))
    mark_called(store.url, "h-1.1.wish4", "li.wei", 40.0, CalledBack.NOT_REACHED)
    (still,) = store.reader.wishes()
    assert (still.attempts, still.tried_at, still.tried_by, still.done_at) == (1, 40.0, "li.wei", None)
    mark_called(store.url, "h-1.1.wish4", "zhang", 50.0, CalledBack.GIVEN_UP)
    store.write(wish(1))
    assert store.open() == []
    (done,) = store.reader.wishes(done=True)
    assert (done.attempts, done.done_at, done.result) == (2, 50.0, "given-up")
    with pytest.raises(HotlineError, match="no open wish"):
        mark_called(store.url, "h-1.1.wish4", "zhang", 51.0, CalledBack.REACHED)


def test_what_waits_is_counted_by_queue_with_its_oldest(store: Store) -> None:
    assert store.reader.waiting() == Waiting({}, {})
    store.write(MESSAGE, MessageRow("m2", "h-2.1", "general", 12.0, 3.0), wish(7), wish(9, "01088886666"))
    assert store.reader.waiting() == Waiting({"general": Left(2, 12.0)}, {"general": Left(2, 7.0)})
    mark_heard(store.url, "m2", "li.wei", 30.0)
    assert store.reader.waiting().messages == {"general": Left(1, 19.0)}


def test_both_survive_in_the_spill_file(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "spill.jsonl")
    spill.add([MESSAGE, wish(1)])
    assert spill.read_back() == ([MESSAGE, wish(1)], 0)


def test_marking_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="the engine creates it"):
        mark_heard(f"sqlite:///{tmp_path / 'none.db'}", "m", "li.wei", 1.0)
    assert not list(tmp_path.iterdir())
