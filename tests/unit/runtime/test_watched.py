import asyncio

from ivr_engine.runtime.watched import watched


async def test_a_part_that_ends_is_told_with_its_reason_and_a_cancelled_one_is_not() -> None:
    told: list[str] = []

    async def breaks() -> None:
        raise ZeroDivisionError("bug")

    async def ends() -> None:
        return

    await asyncio.gather(
        watched(breaks(), "breaking", told.append), watched(ends(), "ending", told.append), return_exceptions=True
    )
    running = watched(asyncio.sleep(60), "running", told.append)
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await asyncio.sleep(0)
    assert sorted(told) == [
        "the part 'breaking' ended (ZeroDivisionError('bug')): start the engine again",
        "the part 'ending' ended (None): start the engine again",
    ]
