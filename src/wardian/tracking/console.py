"""Use-cases of a run's log: its own, or that of its workload. Every function runs inside one transaction."""

from wardian.identity.models import Actor, Can
from wardian.kernel.errors import Conflict
from wardian.storage import logs
from wardian.storage.sql import Tx
from wardian.tracking import service, store
from wardian.workloads import service as workloads
from wardian.workloads.models import LogText
from wardian.workloads.schemas import LogQuery

MAX_BYTES = 1 << 20


def add(tx: Tx, actor: Actor, project: str, run: str, start: int, data: bytes) -> int:
    """Append bytes that begin at offset `start`; returns the new end."""
    row = service.hear(tx, actor, project, run)
    if row.workload is not None:
        raise Conflict("the log of this run is that of its workload; do not capture it", workload=row.workload)
    end = logs.append(tx, run, start, data)
    tx.publish(f"run.{run}.log", end=end)
    return end


def show(tx: Tx, actor: Actor, project: str, run: str, query: LogQuery) -> LogText:
    """A part of the log as text; it never ends within a character unless the log does."""
    actor.need(Can.READ, project)
    return workloads.log_text(tx, owner(tx, project, run), query)


def read_bytes(tx: Tx, actor: Actor, project: str, run: str, start: int, limit: int) -> bytes:
    actor.need(Can.READ, project)
    return logs.read(tx, owner(tx, project, run), start, limit).data


def owner(tx: Tx, project: str, run: str) -> str:
    """Whose log storage keeps for this run."""
    row = store.find(tx, project, run)
    return row.workload or row.id
