"""A real S3 server from a wheel: one for the test session, one fresh corner of its bucket for each test."""

import atexit
import functools
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from wardian.kernel.ids import new_id
from wardian.kernel.settings import S3

BUCKET = "tests"
ACCESS, SECRET = "test-access", "test-secret-of-the-tests"
_START_S = 60


def fresh_corner() -> tuple[str, S3]:
    """The address of an empty corner of the one bucket, and how to reach it."""
    endpoint = _endpoint()
    return f"s3://{BUCKET}/{new_id()}", S3(endpoint=endpoint, access_key=ACCESS, secret_key=SECRET, retry_timeout_s=5)


@functools.cache
def _endpoint() -> str:
    folder = Path(tempfile.mkdtemp(prefix="wardian-s3-"))
    grant = {"accessKey": ACCESS, "secretKey": SECRET}
    config = {"identities": [{"name": "tests", "credentials": [grant], "actions": ["Admin", "Read", "Write", "List"]}]}
    (folder / "s3.json").write_text(json.dumps(config))
    names = ("master", "volume", "filer", "s3")
    ports = dict(zip((*names, *(f"{name}.grpc" for name in names)), _free_ports(8), strict=True))
    options = [
        f"-{name.replace('.grpc', '')}.port{'.grpc' if 'grpc' in name else ''}={port}" for name, port in ports.items()
    ]
    command = [
        str(Path(sys.executable).with_name("weed")), "server", f"-dir={folder}", "-s3", "-filer", "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1", "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=100",
        "-s3.port.iceberg=0", "-s3.port.lance=0",
        f"-s3.config={folder / 's3.json'}",
        *options,
    ]  # fmt: skip
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def stop() -> None:
        process.kill()
        process.wait(10)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    endpoint = f"http://127.0.0.1:{ports['s3']}"
    end = time.monotonic() + _START_S
    while True:
        try:
            _client(endpoint).create_bucket(Bucket=BUCKET)
        except (BotoCoreError, ClientError):
            assert process.poll() is None, (folder / "log").read_text()[-2000:]
            assert time.monotonic() < end, "the S3 server did not answer in time"
            time.sleep(0.2)
        else:
            return endpoint


def _client(endpoint: str):
    once = Config(retries={"max_attempts": 1}, connect_timeout=5, read_timeout=10)
    keys = {"aws_access_key_id": ACCESS, "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    return boto3.client("s3", endpoint_url=endpoint, config=once, **keys)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports
