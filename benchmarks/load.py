"""A small HTTP load generator: as many connections as asked, each sending its next request when the last is answered.

`python -m benchmarks.load URL CONNECTIONS SECONDS BODY-FILE [HEADER: VALUE …]` prints one line of JSON.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


class Connection(asyncio.Protocol):
    """Sends one request over and over; reads answers by their content-length, or by the end of their chunks."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._buffer = b""
        self._began = 0.0
        self.seconds: list[float] = []
        self.answered = 0
        self.failures = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator or not _whole(head.lower(), body):
            return
        self.answered += 1
        self.seconds.append(time.perf_counter() - self._began)
        self.failures += not head.startswith(b"HTTP/1.1 200")
        self._buffer = b""
        self._send()

    def _send(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._request)


def _whole(head: bytes, body: bytes) -> bool:
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])


async def load(url: str, connections: int, seconds: float, body: bytes, headers: list[str]) -> dict[str, float]:
    address = urlsplit(url)
    lines = [
        f"POST {address.path} HTTP/1.1", f"host: {address.netloc}", "content-type: application/json",
        f"content-length: {len(body)}", *headers,
    ]  # fmt: skip
    request = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(request), address.hostname, address.port)
        for _ in range(connections)
    ]
    await asyncio.sleep(1)  # warm
    for _, connection in made:
        connection.seconds.clear()
    began = time.perf_counter()
    await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    times = sorted(second for _, connection in made for second in connection.seconds)
    for transport, _ in made:
        transport.abort()
    return {
        "sent": sum(connection.answered for _, connection in made),
        "per_second": len(times) / took,
        "p50_ms": 1000 * times[len(times) // 2],
        "p99_ms": 1000 * times[len(times) * 99 // 100],
        "failures": sum(connection.failures for _, connection in made),
    }


if __name__ == "__main__":
    to, connections, seconds, file, *headers = sys.argv[1:]
    print(json.dumps(asyncio.run(load(to, int(connections), float(seconds), Path(file).read_bytes(), headers))))
