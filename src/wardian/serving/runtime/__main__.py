"""Serve one model folder: `python -m wardian.serving.runtime --model FOLDER --name NAME --version V`."""

import argparse
import os
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import uvicorn

from .app import InferenceApp
from .errors import Refused
from .manifest import BadModel
from .model import ServedModel

PORT = "WARDIAN_PORT_HTTP"
"""Where the platform says on which port a workload's `http` is expected."""
KEEP_ALIVE_S = 120
"""Longer than the platform keeps idle connections, so that it never sends on one that is just being closed."""


def main() -> int:
    options = _parser().parse_args()
    try:
        model = ServedModel(options.model, options.name, options.version)
        model.warm_up()
    except BadModel as error:
        print(f"cannot serve {options.name}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except Refused as error:
        print(f"cannot serve {options.name}: its own example fails: {error.message}", file=sys.stderr)  # noqa: T201
        return 1
    except Exception as error:  # noqa: BLE001 - loading runs the model's own code
        traceback.print_exc()
        print(f"cannot serve {options.name}: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    address = f"{options.host}:{options.port}"
    print(f"{options.name} version {options.version} is loaded; it answers on {address}", flush=True)  # noqa: T201
    app = InferenceApp(model, server_version=_wardian_version())
    uvicorn.run(
        app,  # pyright: ignore[reportArgumentType] - ASGI's own types are looser than uvicorn's
        host=options.host,
        port=options.port,
        lifespan="on",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        log_level="warning",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=options.grace,
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m wardian.serving.runtime", description="Serve one model over HTTP.")
    parser.add_argument("--model", type=Path, required=True, help="the folder that holds model.json")
    parser.add_argument("--name", required=True, help="the name the model is served under")
    parser.add_argument("--version", required=True, help="the version it is served as")
    parser.add_argument("--host", default="127.0.0.1")
    port = os.environ.get(PORT)
    parser.add_argument("--port", type=int, required=port is None, default=port, help=f"as {PORT} says when not given")
    parser.add_argument("--grace", type=int, default=8, help="seconds given to requests in flight when it must stop")
    return parser


def _wardian_version() -> str:
    try:
        return version("wardian")
    except PackageNotFoundError:  # an environment that has only Wardian's source beside it
        return "unknown"


if __name__ == "__main__":
    sys.exit(main())
