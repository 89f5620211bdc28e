"""Is it alive, is it ready, and what does it measure."""

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

import wardian
from wardian.kernel.errors import Conflict, Unavailable
from wardian.storage import migrations
from wardian.storage.sql import Tx

router = APIRouter(tags=["health"])


@router.get("/healthz", openapi_extra={"security": []})
async def alive() -> dict[str, str]:
    """The process answers, and which release it is."""
    return {"status": "alive", "version": wardian.__version__}


@router.get("/readyz", openapi_extra={"security": []})
async def ready(request: Request, response: Response) -> dict[str, Any]:
    """Whether each part that requests need is there; 503 when one is not."""
    house = request.app.state.house
    parts = {"database": _schema(house), "blobs": _blobs(house), "bus": _bus(house)}
    report: dict[str, str] = {}
    for name, probe in parts.items():
        try:
            await probe
            report[name] = "ok"
        except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
            report[name] = str(error).splitlines()[0] if str(error) else type(error).__name__
    if any(state != "ok" for state in report.values()):
        response.status_code = 503
    return {"status": "ready" if response.status_code != 503 else "not ready", "parts": report}


@router.get("/metrics", openapi_extra={"security": []}, response_class=Response)
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _schema(house: Any) -> None:
    """The database answers, with a schema that this release knows."""
    found, wanted = await house.db.read(_revision), migrations.known()[-1]
    if found != wanted:
        raise Conflict(f"schema {found}, this release needs {wanted}")


def _revision(tx: Tx) -> str | None:
    return tx.scalar(text("SELECT version_num FROM alembic_version"))


async def _blobs(house: Any) -> None:
    await house.blobs.size("ready")


async def _bus(house: Any) -> None:
    if not house.bus.is_attached:
        raise Unavailable("hints reach nobody yet")
