"""`ivr simulate`: what typed lines do, what is shown, and what wrong ones are told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr_engine.dialplan.load import load
from ivr_engine.model.prompt import Prompt
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.simulator.playing import usual_time
from ivr_engine.simulator.session import HELP, Session, WrongLineError
from ivr_engine.simulator.speech import Lengths
from ivr_engine.spoken.seconds import estimated_seconds

ACME = load(Path(__file__).parents[3] / "dialplans" / "acme", NODE_TYPES)
Do = Callable[..., list[str]]


def ten_seconds(_: Prompt) -> float:
    return 10.0


@pytest.fixture
def session() -> Session:
    return Session(ACME, usual_time(ACME.timezone), ten_seconds)


@pytest.fixture
def do(session: Session) -> Do:
    def type_in(*lines: str) -> list[str]:
        for line in lines:
            session.do(line)
        return [str(told) for told in session.news()]

    return type_in


def test_a_caller_hears_words_with_their_steps(do: Do, session: Session) -> None:
    assert do("call") == [
        "10:00:00  13800000000 calls 4000000400",
        "10:00:00  hello  “您好，欢迎致电。为了保证服务质量，通话将被录音。”",
    ]
    assert session.status() == "at hello: 10 s of words to come"
    assert do("next") == ["10:00:10  main  “产品安全问题请按1，咨询请按2，投诉请按3，人工服务请按0。”"]
    assert session.status() == "at main: 10 s of words to come, keys 1 2 3 0"
    assert do("next") == []
    assert session.status() == "at main: keys 1 2 3 0, goes on without a key in 5 s"
    assert session.time == "10:00:20"


def test_a_key_is_pressed_as_soon_as_it_means_something(do: Do, session: Session) -> None:
    assert do("call", "2")[3:6] == [
        "10:00:10  presses 2",
        "10:00:10  main.2  (enqueue)",
        "10:00:10  joins queue general",
    ]
    assert session.status() == "1001 is being rung"
    assert do("next") == ["10:00:13  talks to 1001 of local, after 3 s in the queue"]
    assert session.status() == "talks to 1001"
    with pytest.raises(WrongLineError, match="nothing more happens by itself"):
        do("next")
    assert session.time == "10:00:13"
    assert do("agent hangs up") == ["10:00:13  the agent hangs up", "10:00:13  the call is over: answered"]
    assert session.status() == "nobody calls; `call` begins a call"


def test_wrong_keys_and_time(do: Do) -> None:
    assert do("call", "9")[-1].startswith("10:00:10  main  “对不起，没有这个选项。 产品安全问题")
    assert do("wait 24s") == []
    assert do("wait 2s") == ["10:00:35  main  “产品安全问题请按1，咨询请按2，投诉请按3，人工服务请按0。”"]
    assert do("hangup") == ["10:00:36  hangs up", "10:00:36  the call is over: abandoned in menu"]


def test_nobody_answers_until_somebody_does(do: Do, session: Session) -> None:
    do("seats all off", "call", "0")
    assert session.status() == "waits in queue general: no seat is free"
    assert do("answer") == ["10:00:10  1001 is rung"]
    assert do("no answer", "hangup", "call", "0")[-2].endswith("1002 is rung")
    assert do("next", "next")[0].endswith("1002: no answer; he keeps his place")


def test_time_passes_until_something_is_heard_or_seen(do: Do) -> None:
    do("call", "0", "next", "hangup", "call")  # meanwhile the agent's rest ends, which nobody notices
    assert [line.partition("  ")[2][:4] for line in do("next")] == ["main"]


def test_a_busy_agent_is_told_as_such(do: Do) -> None:
    assert "1001: busy; he keeps his place" in do("seats 1001 busy", "call", "0", "next")[-2]


def test_a_crisis_is_for_new_callers(do: Do) -> None:
    assert do("call", "crisis recall")[-1] == "10:00:00  crisis recall is on, level general, for all calls"
    assert do("call from 139")[0] == "10:00:00  139 calls 4000000400, crisis recall"
    assert do("crisis off", "call 4000000400 from 137")[:2] == [
        "10:00:00  crisis recall is off",
        "10:00:00  137 calls 4000000400",
    ]


def test_the_clock_is_that_of_the_hotline(do: Do, session: Session) -> None:
    do("at 2027-02-17 03:00")
    assert session.time == "03:00:00"
    assert session.scene.rehearsal.now == 1_802_804_400
    do("at 2026-02-17 04:30", "call")
    assert session.time == "04:30:00"
    with pytest.raises(WrongLineError, match="time does not run back while somebody calls"):
        do("at 2026-02-17 04:29")


def test_another_language_is_heard_where_there_are_words_in_it() -> None:
    session = Session(ACME, 0, estimated_seconds, "en")
    session.do("call")
    assert "Hello, and welcome." in str(list(session.news())[1])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("foo", "`foo` means nothing here; type `help`"),
        ("hangpu", "`hangpu` means nothing here; did you mean `hangup`?"),
        ("wait", "`wait` is not complete; type for instance `wait 30s`"),
        ("seats 1001", "`seats 1001` is not complete; type for instance `seats 1001 off`"),
        ("wait 30x", "`wait` must be a time such as 5s, 2m or 1h, not `30x`; write for instance `5s`"),
        (
            "at noon",
            "`at` must be a day and a time such as 2027-02-17 18:00, not `noon`; write for instance `2027-02-17 18:00`",
        ),
        ("crisis recal", "there is no profile `recal`; did you mean `recall`?"),
        ("agents 1009 off", "there is no seat `1009`; did you mean `1003`?"),
        ("seats 1001 of", "`seats › 1001` cannot be `of`; did you mean `off`?"),
        ("1", "nobody has called yet: begin with `call`"),
        ("hangup", "nobody has called yet: begin with `call`"),
        ("next", "nothing more happens by itself: press keys, hang up, or `wait 60s`"),
    ],
)
def test_a_wrong_line_is_told_in_one_with_the_remedy(line: str, told: str, do: Do, session: Session) -> None:
    with pytest.raises(WrongLineError) as wrong:
        do(line)
    assert str(wrong.value) == told
    assert session.time == "10:00:00"


def test_help_tells_of_every_line(do: Do) -> None:
    for line in ("call", "1", "wait 30s", "crisis recall", "seats 1001 off", "answer", "no answer", "hangup"):
        do(line)
        assert line.split()[0] in HELP


def test_lengths_are_measured_where_there_is_a_sound() -> None:
    spoken, not_yet = Prompt("en", "Spoken."), Prompt("zh-CN", "您好，请按1。")
    lengths = Lengths({spoken: 7.5}.get)
    assert lengths(spoken) == 7.5
    assert lengths(not_yet) == pytest.approx(5 * 0.24 + 2 * 0.3)
    assert lengths.estimated == {not_yet}


@pytest.mark.parametrize(
    ("language", "text", "measured"),  # by espeak-ng, as `ivr prompts build` has it speak
    [
        ("zh-CN", "您好，欢迎致电。为了保证服务质量，通话将被录音。", 5.75),
        ("zh-CN", "召回产品的换货正在安排，登记后我们将在三个工作日内与您联系。", 7.28),
        ("zh-CN", "产品安全问题请按1，咨询请按2，投诉请按3，人工服务请按0。", 7.47),
        ("en", "We are connecting you to our complaints desk. Please hold.", 3.29),
        ("en", "Hello, and welcome. This call is recorded to keep our service good.", 4.0),
    ],
)
def test_an_estimate_is_near_what_a_voice_takes(language: str, text: str, measured: float) -> None:
    assert estimated_seconds(Prompt(language, text)) == pytest.approx(measured, rel=0.1)


def test_of_several_who_were_rung_the_one_who_talks_is_shown() -> None:
    hotline = load(Path(__file__).parents[2] / "acceptance" / "accepting", NODE_TYPES)
    session = Session(hotline, usual_time(hotline.timezone), ten_seconds)
    for line in ("seats 1002 no answer", "seats 1003 no answer", "call", "4", "next", "wait 20s"):
        session.do(line)
    assert session.status() == "talks to 1001"
