"""Connections to model servers. Loaded by the first prediction: a platform that serves nothing need not pay for it."""

from collections.abc import AsyncIterator

import httpx2

from wardian.kernel.errors import Unavailable, WardianError

ANSWER_WITHIN_S = 300
IDLE_S = 60
"""Idle connections to model servers are closed after this; the servers keep theirs longer."""
_TIMEOUT = httpx2.Timeout(ANSWER_WITHIN_S, connect=5).as_dict()
_GATEWAY_TIMEOUT = 504
Headers = list[tuple[bytes, bytes]]


class Late(WardianError):
    status, code = _GATEWAY_TIMEOUT, "late"


class Upstream:
    """Only the transport: cookies, redirects and sign-in of a whole client would cost a third more for nothing."""

    def __init__(self) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=256, keepalive_expiry=IDLE_S)
        self._pool = httpx2.AsyncHTTPTransport(limits=limits, trust_env=False)

    async def ask(
        self, name: str, url: str, method: str, headers: Headers, body: bytes | AsyncIterator[bytes]
    ) -> httpx2.Response:
        """The answer of `name`'s model server, its body still to be read; close it."""
        request = httpx2.Request(method, url, headers=headers, content=body or None, extensions={"timeout": _TIMEOUT})
        try:
            return await self._pool.handle_async_request(request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.RemoteProtocolError, httpx2.ReadError) as error:
            raise Unavailable(
                f"the model server of {name} ended or does not answer; it is restarted, try again in a moment"
            ) from error
        except httpx2.TimeoutException as error:
            raise Late(f"{name} did not answer within {ANSWER_WITHIN_S} s") from error

    async def close(self) -> None:
        await self._pool.aclose()
