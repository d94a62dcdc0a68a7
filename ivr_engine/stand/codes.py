"""This file decides how an agent dials a code on a real SIP phone. It does not know what any code means."""

from dataclasses import replace

from ivr_engine.stand.phone_log import CallResult, call_results, read_notes
from ivr_engine.stand.sipp import Line, Sipp

_REFUSALS = (403, 404, 480, 484, 486, 488, 500, 502, 503, 603)


async def dial_code(line: Line, user: str, password: str, code: str) -> CallResult:
    """Dial a code as that user, and say how it went: answered and hung up by the far side, or refused."""
    sipp = Sipp(f"code-{user}", line)
    facts = {"user": user, "password": password, "code": code, "refusals": _REFUSALS}
    await sipp.start("-sf", sipp.scenario("code.xml", facts), "-m", "1", "-l", "1", "-timeout", "15")
    try:
        exit_code = await sipp.wait()
    finally:
        await sipp.stop()
    calls = call_results(read_notes(sipp.log))
    return replace(calls[0] if calls else CallResult(""), exit_code=exit_code, trouble=sipp.trouble())
