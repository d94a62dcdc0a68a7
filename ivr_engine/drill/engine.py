"""This file decides how a live drill asks and orders the running engine over HTTP. It does not know what for."""

from typing import Any, Self

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from ivr_engine.errors import HotlineError, RefusedError
from ivr_engine.settings import WebSettings

MOST_LAG_SECONDS = 0.5  # of the engine's loop: calls would feel more
MOST_FAILED = 5  # requests to Asterisk that went wrong since the drill began
_NO_FAULT = ("ok", "404", "409")  # the line had just hung up


class EngineAt:
    """The running engine. Use it as an async context manager."""

    def __init__(self, web: WebSettings) -> None:
        self._at = f"http://{web.host}:{web.port}"
        self._token = web.token
        self._failed_before: float | None = None

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._token}"}
        self._session = aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=10))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(self, path: str, order: dict[str, Any] | None = None) -> Any:
        """What it answers. Raises HotlineError if there is none, RefusedError if it refuses."""
        method = "GET" if order is None else "POST"
        try:
            async with self._session.request(method, f"{self._at}/api/{path}", json=order) as response:
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HotlineError(
                f"no engine answers at {self._at} ({error}): start it, or name its --settings"
            ) from error
        if response.status >= 400:
            raise RefusedError(f"{answer['error']['cause']}: {answer['error']['remedy']}")
        return answer

    async def crisis(self, profile: str, by: str, *, on: bool) -> None:
        """Switch a profile for drill calls alone. Off only what is on for them: callers may need it meanwhile."""
        if on or any(one["profile"] == profile and one["scope"].get("drill") for one in await self.active()):
            order = {"profile": profile, "by": by, "reason": "a drill 演练", "on": on, "drill": True}
            await self.ask("crisis", order)

    async def active(self) -> list[dict[str, Any]]:
        """The crises that are on."""
        now: list[dict[str, Any]] = (await self.ask("crisis"))["active"]
        return now

    async def strain(self) -> str:
        """Why it should be spared; empty while it bears what it has."""
        async with self._session.get(f"{self._at}/metrics") as response:
            families = text_string_to_metric_families(await response.text())
        samples = [sample for family in families for sample in family.samples]
        lag = max((one.value for one in samples if one.name == "ivr_loop_lag_seconds"), default=0.0)
        failed = sum(
            one.value
            for one in samples
            if one.name == "ivr_ari_requests_total" and one.labels["result"] not in _NO_FAULT
        )
        if self._failed_before is None:
            self._failed_before = failed
        if lag > MOST_LAG_SECONDS:
            return f"the engine's loop came {lag:.1f} s late"
        if failed - self._failed_before > MOST_FAILED:
            return f"{failed - self._failed_before:.0f} requests to Asterisk failed"
        return ""
