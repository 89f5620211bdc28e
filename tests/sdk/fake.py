"""A small server for the logging path that holds clients to the wire format, and can misbehave on demand."""

import json
import math
import re
import socket
import struct
import threading
from array import array
from collections import defaultdict
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

LOSING = "the request is applied, the connection is cut before the answer"
CUTTING = "the connection is cut in the middle of the request"
BUSY = "503"


class FakeServer:
    """`runs` holds what was accepted; `faults` is a list of what to do wrong next, one for each request."""

    def __init__(self):
        self.runs, self.projects, self.faults, self.requests = {}, {"lab"}, [], []
        self.authorization = "Basic YWNjZXNzOnNlY3JldA=="
        self.lock = threading.RLock()
        self.http = None
        self.port = 0
        self.connections = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        handler = type("Handler", (Handler,), {"fake": self})
        self.http = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self):
        if self.http:
            self.http.shutdown()
            self.http.server_close()
            self.http = None
            with self.lock:
                for connection in self.connections:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                self.connections.clear()

    def run(self, run_id):
        return self.runs[run_id]

    def points(self, run_id, key):
        """[(step, value)] in order of step."""
        return sorted((step, value) for (name, step), (_, value) in self.runs[run_id]["points"].items() if name == key)


class Refusal(Exception):
    def __init__(self, status, message, **detail):
        super().__init__(message)
        self.status, self.detail = status, detail


def insist(condition, message="not as the wire format says"):
    if not condition:
        raise Refusal(422, message)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: FakeServer

    def setup(self):
        super().setup()
        with self.fake.lock:
            self.fake.connections.append(self.connection)

    def log_message(self, *_):
        pass

    def handle_any(self):
        fault = self.fake.faults.pop(0) if self.fake.faults else None
        if fault is CUTTING:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if fault is BUSY:
            self.answer(503, {"error": {"code": "unavailable", "message": "busy", "detail": {}, "request_id": "r"}})
            return
        parts = urlsplit(self.path)
        try:
            with self.fake.lock:
                self.fake.requests.append((self.command, parts.path, len(body)))
                status, document = self.respond(parts.path, parse_qs(parts.query), body)
        except Refusal as refusal:
            code = {401: "not_signed_in", 404: "not_found", 409: "conflict"}.get(refusal.status, "invalid")
            error = {"code": code, "message": str(refusal), "detail": refusal.detail, "request_id": "r"}
            status, document = refusal.status, {"error": error}
        if fault is LOSING:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.answer(status, document)

    do_GET = do_POST = do_PUT = do_PATCH = handle_any

    def answer(self, status, document):
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def respond(self, path, query, body):
        if self.headers["Authorization"] != self.fake.authorization:
            raise Refusal(401, "no such key")
        if path == "/api/v1/projects":
            self.fake.projects.add(json.loads(body)["name"])
            return 201, {}
        found = re.fullmatch(r"/api/v1/projects/([^/]+)/runs(?:/([0-9a-f]{32})(?:/(\w+)(?:/(.+))?)?)?", path)
        if not found or unquote(found[1]) not in self.fake.projects:
            raise Refusal(404, "no such thing")
        _, run_id, what, rest = found.groups()
        if run_id is None:
            return self.create(json.loads(body))
        run = self.fake.runs.get(run_id)
        if run is None:
            raise Refusal(404, "no such run")
        if what is None:
            return 200, run["document"]
        return getattr(self, f"on_{what}")(run, query, body, rest)

    def create(self, body):
        allowed = {"id", "name", "experiment", "params", "tags", "notes", "kind", "status", "parent", "started_at"}
        insist(set(body) <= allowed)
        if body["id"] in self.fake.runs:
            return 200, self.fake.runs[body["id"]]["document"]
        document = {**body, "name": body["name"] or "bold-fern", "workload": None, "metrics": {}}
        self.fake.runs[body["id"]] = {
            "document": document, "points": {}, "applied": defaultdict(int), "times": 0, "log": b"", "records": [],
            "params": dict(body["params"]), "tags": dict(body["tags"]), "artifacts": {}, "finish": None, "beats": 0,
            "stop": False, "environment": {}, "source": {}, "outputs": [],
        }  # fmt: skip
        return 201, document

    def once(self, run, writer, sequence):
        if sequence <= run["applied"][writer]:
            return False
        run["applied"][writer] = sequence
        return True

    def on_points(self, run, _query, body, _rest):
        insist(self.headers["Content-Type"] == "application/vnd.wardian.points")
        insist(len(body) <= 8 << 20)
        magic, flags, writer, sequence, keys, count, size, zero = struct.unpack_from("<4sI16sQIIII", body)
        insist(magic == b"WPT1" and flags == zero == 0 and sequence > 0)
        insist(count <= 200_000 and keys <= 10_000)
        insist(len(body) == 48 + size + 28 * count)
        names = body[48 : 48 + size].decode().split("\n")
        insist(len(names) == keys == len(set(names)))
        insist(all(1 <= len(name) <= 250 and name.isprintable() and name == name.strip() for name in names))
        columns, at = [], 48 + size
        for code, width in (("I", 4), ("q", 8), ("d", 8), ("d", 8)):
            columns.append(array(code, body[at : at + width * count]))
            at += width * count
        insist(all(math.isfinite(time) for time in columns[2]))
        if not self.once(run, writer.hex(), sequence):
            return 200, {"applied": False}
        for key, step, time, value in zip(*columns, strict=True):
            run["times"] += 1
            run["points"][names[key], step] = (time, value)
        return 200, {"applied": True, "points": count}

    def on_records(self, run, _query, body, _rest):
        insist(len(body) <= 4 << 20)
        document = json.loads(body, parse_constant=lambda word: insist(False, word))
        known = {"params", "tags", "summary", "environment", "source", "inputs", "outputs", "notes"}
        insist(set(document) <= known | {"writer", "sequence"})
        if not self.once(run, document["writer"], document["sequence"]):
            return 200, {"applied": False}
        run["records"].append(document)
        for field in ("params", "tags", "environment", "source"):
            run[field].update(document.get(field) or {})
        run["outputs"] += document.get("outputs") or []
        return 200, {"applied": True}

    def on_log(self, run, query, body, _rest):
        if self.command == "GET":
            return 200, {"start": 0, "end": 0, "size": len(run["log"]), "text": ""}
        insist(len(body) <= 1 << 20)
        start, end = int(query["start"][0]), len(run["log"])
        if start > end:
            raise Refusal(409, "a gap", expected=end)
        run["log"] += body[end - start :]
        return 200, {"end": len(run["log"])}

    def on_artifacts(self, run, query, body, rest):
        path = unquote(rest)
        insist(all(part not in ("", ".", "..") for part in path.split("/")))
        insist(set(query) <= {"kind", "key", "step", "caption"})
        meta = {name: values[0] for name, values in query.items()}
        run["artifacts"][path] = {**meta, "media_type": self.headers["Content-Type"], "data": body}
        return 201, {"path": path, "size": len(body)}

    def on_heartbeat(self, run, _query, body, _rest):
        insist(not body)
        run["beats"] += 1
        return 200, {"status": "running", "stop": run["stop"]}

    def on_resume(self, run, _query, body, _rest):
        insist(not body)
        run["finish"] = None
        return 200, run["document"]

    def on_finish(self, run, _query, body, _rest):
        document = json.loads(body)
        insist(document["status"] in {"succeeded", "failed", "stopped"})
        insist(len(document["reason"]) <= 5_000)
        run["finish"] = run["finish"] or document
        return 200, run["document"]
