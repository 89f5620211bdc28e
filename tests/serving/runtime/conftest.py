"""A model server as it is deployed: its own process on a free port."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx2
import pytest


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(folder, name="digits", version="3"):
    port = free_port()
    command = [sys.executable, "-m", "wardian.serving.runtime", "--model", str(folder), "--name", name]
    process = subprocess.Popen([*command, "--version", version, "--port", str(port)], stderr=subprocess.PIPE)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            _wait_until_ready(process, client)
            yield client
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def _wait_until_ready(process, client):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stderr.read().decode()
        try:
            if client.get("/v2/health/ready").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.02)
    pytest.fail("the model server did not become ready within 60 s")


@pytest.fixture
def serve():
    """`with serve(folder) as client:` for one test."""
    return serving


@pytest.fixture(scope="session")
def model_server(digits_folder):
    """A client of a server that serves the digits model as `digits`, version `3`."""
    with serving(digits_folder) as client:
        yield client
