"""What is dialled in a crisis: by whom his PIN says, and nothing without one."""

import asyncio
import json
from pathlib import Path

import pytest

from ivr_engine.crisis_codes import CrisisCodes
from ivr_engine.dialplan.load import load
from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.model.crises import ActiveCrisis, Scope
from ivr_engine.model.crisis_orders import CrisisNow, CrisisOrder, ProposalAnswer, Wire
from ivr_engine.model.ids import SeatId
from ivr_engine.nodes import NODE_TYPES
from ivr_engine.people_pins import PeoplePins, WrongPinError
from ivr_engine.phone_codes import PhoneCodes
from tests.simulation.test_dry_run import HOTLINE, OUTAGE, RECALL

PHONE = SeatId("1001")
ZHANG, LI = "004711", "123456"
ON = ActiveCrisis("recall", "general", Scope(), "zhang", "why", 1.0, 1.0)


class Front:
    def __init__(self) -> None:
        self.orders: list[CrisisOrder] = []
        self.answers: list[tuple[str, ProposalAnswer]] = []
        self.strangers: list[tuple[str, str, str]] = []
        self.active: tuple[ActiveCrisis, ...] = ()

    def now(self) -> CrisisNow:
        return CrisisNow(("outage", "recall"), active=self.active)

    async def order(self, order: CrisisOrder) -> CrisisNow:
        await asyncio.sleep(0)
        self.orders.append(order)
        return self.now()

    async def answer(self, proposal: str, answer: ProposalAnswer) -> CrisisNow:
        await asyncio.sleep(0)
        self.answers.append((proposal, answer))
        return self.now()

    def turned_away(self, wire: Wire, who: str, what: str, why: str) -> None:
        assert ZHANG not in why
        self.strangers.append((wire, who, what))


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
def codes(front: Front, tmp_path: Path) -> CrisisCodes:
    pins = tmp_path / "people.json"
    pins.write_text(json.dumps({"张伟": ZHANG, "li-wei": LI}))
    (tmp_path / "dialplan" / "crisis").mkdir(parents=True)
    (tmp_path / "dialplan" / "hotline.yaml").write_text(HOTLINE)
    (tmp_path / "dialplan" / "crisis" / "recall.yaml").write_text(RECALL.replace("lasts: 4h", 'lasts: 4h\ncode: "7"'))
    (tmp_path / "dialplan" / "crisis" / "outage.yaml").write_text(f'{OUTAGE}\ncode: "12"\n')
    hotline = load(tmp_path / "dialplan", NODE_TYPES)
    return CrisisCodes(front, PeoplePins(pins, lambda: 1000.0), lambda: hotline)


@pytest.mark.parametrize(
    ("dialled", "order"),
    [
        (f"*81{ZHANG}71", CrisisOrder("recall", "张伟", "dialled at phone 1001", level="general")),
        (f"*81{LI}73", CrisisOrder("recall", "li-wei", "dialled at phone 1001", level="critical")),
        (f"*81{ZHANG}122", CrisisOrder("outage", "张伟", "dialled at phone 1001", level="major")),
        (f"*82{ZHANG}12", CrisisOrder("outage", "张伟", "dialled at phone 1001", on=False)),
    ],
)
async def test_a_code_is_an_order_of_him_whose_pin_it_is(
    front: Front, codes: CrisisCodes, dialled: str, order: CrisisOrder
) -> None:
    await codes.take(PHONE, dialled)
    assert front.orders == [order]


async def test_of_what_is_on_only_the_level_is_dialled(front: Front, codes: CrisisCodes) -> None:
    front.active = (ON,)
    await codes.take(PHONE, f"*81{ZHANG}72")
    assert [(order.level, order.keep) for order in front.orders] == [("major", True)]


async def test_off_without_a_code_is_of_the_one_that_is_on(front: Front, codes: CrisisCodes) -> None:
    with pytest.raises(RefusedError, match="0 crisis profiles are on"):
        await codes.take(PHONE, f"*82{ZHANG}")
    front.active = (ON,)
    await codes.take(PHONE, f"*82{ZHANG}")
    assert [(order.profile, order.on) for order in front.orders] == [("recall", False)]


async def test_a_proposal_is_confirmed(front: Front, codes: CrisisCodes) -> None:
    await codes.take(PHONE, f"*83{LI}14")
    assert front.answers == [("14", ProposalAnswer("yes", "li-wei"))]


@pytest.mark.parametrize("said", ["", "7", "74", "70", "991", "1"])
async def test_what_is_no_profile_or_no_level_orders_nothing(front: Front, codes: CrisisCodes, said: str) -> None:
    with pytest.raises(RefusedError, match=": dial"):
        await codes.take(PHONE, f"*81{ZHANG}{said}")
    assert front.orders == []


async def test_a_wrong_pin_orders_nothing_and_is_noted(front: Front, codes: CrisisCodes) -> None:
    with pytest.raises(WrongPinError):
        await codes.take(PHONE, "*8199999971")
    assert (front.orders, front.strangers) == ([], [("phone", "1001", "*81")])


async def test_beside_the_agents_own_codes(front: Front, codes: CrisisCodes) -> None:
    counted: list[str] = []

    async def nobody(*_: object) -> None:
        raise HotlineError("not asked: here")

    phone = PhoneCodes(nobody, None, counted.append, codes.take)  # type: ignore[arg-type]
    went = [await phone.take(PHONE, dialled) for dialled in (f"*81{ZHANG}71", "*8199999971", f"*81{ZHANG}99", "*51")]
    assert went == [True, False, False, False]
    assert counted == ["done", "wrong_pin", "refused", "refused"]
