"""Points a second over HTTP into a server on disk, each request durable before the next: one connection, no SDK."""

import array
import http.client
import json
import struct
import sys
import tempfile
import time
import uuid
from base64 import b64encode
from pathlib import Path

from benchmarks.measure import Started, free_port, started
from benchmarks.report import row

SECONDS = 4.0
SHAPES = {
    "1 key, 10,000 points": (1, 10_000),
    "10 keys, 1,000 points": (10, 1_000),
    "100 keys, 100 points": (100, 100),
    "100 keys, 1 point": (100, 1),
}


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        command = [str(Path(sys.executable).with_name("wardian")), "up", "--home", home, "--port", str(port)]
        with started(command, f"http://127.0.0.1:{port}/healthz") as server:
            _measure(server, Path(home))


def _measure(server: Started, home: Path) -> None:
    key = json.loads((home / "cli.json").read_text())
    for title, (keys, points) in SHAPES.items():
        target = "100,000 points/s" if keys * points >= 10_000 else ""
        rate, cpu = _fill(server, f"{key['access_key']}:{key['secret_key']}", keys, points)
        row(f"{title} a request", rate, "points/s", target=target)
        print(f"    server: {cpu:,.0f} points a CPU second", flush=True)


def _fill(server: Started, credentials: str, keys: int, points: int) -> tuple[float, float]:
    host = server.url.split("//")[1].split("/")[0]
    connection = http.client.HTTPConnection(host, timeout=60)
    auth = {"Authorization": "Basic " + b64encode(credentials.encode()).decode()}
    base = "/api/v1/projects/bench/runs"
    _ask(connection, "POST", "/api/v1/projects", json.dumps({"name": "bench"}).encode(), auth)
    run = json.loads(_ask(connection, "POST", base, b"{}", auth))["id"]
    headers = auth | {"Content-Type": "application/vnd.wardian.points"}
    writer, sent, sequence = uuid.uuid4().bytes, 0, 0
    began, cpu = time.perf_counter(), server.cpu_s()
    while time.perf_counter() - began < SECONDS:
        sequence += 1
        frame = _frame(writer, sequence, keys, points)
        answer = json.loads(_ask(connection, "POST", f"{base}/{run}/points", frame, headers))
        assert answer == {"applied": True, "points": keys * points}, answer
        sent += keys * points
    took, spent = time.perf_counter() - began, server.cpu_s() - cpu
    shown = json.loads(_ask(connection, "GET", f"{base}/{run}/series?limit=1", b"", auth))
    assert shown["items"][0]["count"] == sequence * points, "points were lost"
    connection.close()
    return sent / took, sent / max(spent, 0.01)


def _frame(writer: bytes, sequence: int, keys: int, points: int) -> bytes:
    table = "\n".join(f"metric/{key}" for key in range(keys)).encode()
    count = keys * points
    steps = range((sequence - 1) * points, sequence * points)
    header = struct.pack("<4sI16sQIIII", b"WPT1", 0, writer, sequence, keys, count, len(table), 0)
    index = array.array("I", [key for key in range(keys) for _ in steps])
    floats = array.array("d", [time.time()] * count), array.array("d", [0.1] * count)
    columns = index, array.array("q", [*steps] * keys), *floats
    return header + table + b"".join(column.tobytes() for column in columns)


def _ask(to: http.client.HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    to.request(method, path, body, {"Content-Type": "application/json"} | headers)
    answer = to.getresponse()
    data = answer.read()
    assert answer.status in {200, 201, 409}, (answer.status, data[:500])
    return data


if __name__ == "__main__":
    main()
