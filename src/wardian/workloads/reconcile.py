"""Brings workloads on: place the queue, then load → act → apply for each, guarded by its lease.

Rows are the truth. A hint only makes a look come sooner; without any, everything still happens within seconds.
"""

import asyncio
import time

import structlog

from wardian.events.bus import Bus, Hint
from wardian.kernel.errors import Unavailable, WardianError
from wardian.storage.leases import Lease
from wardian.storage.sql import Database
from wardian.workloads import control, status
from wardian.workloads.executor import Executor, Order, Phase, Seen
from wardian.workloads.models import Status, Workload
from wardian.workloads.service import GONE, WAKE

log = structlog.get_logger(__name__)

_IDLE_S = 1.0
"""How often the rows are asked when nothing hints."""
_STILL_HERE_S = 60.0
"""How often a place without work says that it is there."""
_SWEEP_S = 600.0
_QUICK_S = 0.05
"""The next look after something happened; each quiet look doubles the pause."""
_RETRY_S = 5.0
_SHARE = 200
_LOG_PIECE = 1 << 20


class Controller:
    """Watches every workload of one place, each in a task of its own that holds the row's lease."""

    def __init__(self, db: Database, bus: Bus, executor: Executor, *, url: str, poll_s: float = 0.5) -> None:
        self._db = db
        self._bus = bus
        self._executor = executor
        self._url = url
        """Where workloads reach this platform."""
        self._poll_s = poll_s
        self._held: dict[str, Lease] = {}
        self._pokes: dict[str, asyncio.Event] = {}
        self._strangers: set[str] = set()
        """Kept by the executor for another database; not ours to clear up."""
        self._renew_at = 0.0
        self._sweep_at = 0.0

    async def run(self) -> None:
        with self._bus.listening(WAKE, GONE) as hints:
            await self._open()
            async with asyncio.TaskGroup() as watches:
                while True:
                    await self._round(watches)
                    hint = await hints.next(_IDLE_S)
                    self._hear([] if hint is None else [hint, *hints.drain()])

    async def _open(self) -> None:
        place = self._executor.place
        capacity = await self._executor.capacity()
        if not await self._db.write(control.announce, place, self._executor.kind, capacity):
            self._strangers = set(await self._executor.kept())
        if self._executor.is_sole:
            await self._db.write(control.adopt, place)
        self._held.clear()

    async def _round(self, watches: asyncio.TaskGroup) -> None:
        place = self._executor.place
        if await self._db.read(control.has_work, place, set(self._held)):
            await self._db.write(control.place_queued, place)
            for lease in await self._db.write(control.take, place, _SHARE):
                self._held[lease.id] = lease
                self._renew_at = min(self._renew_at, time.monotonic() + control.LEASE_S / 3)
                self._pokes[lease.id] = asyncio.Event()
                watches.create_task(self._watch(lease), name=f"workload {lease.id}")
        now = time.monotonic()
        if now >= self._renew_at:
            self._renew_at = now + (control.LEASE_S / 3 if self._held else _STILL_HERE_S)
            await self._db.write(control.renew, place, list(self._held.values()))
        if now >= self._sweep_at:
            self._sweep_at = now + _SWEEP_S
            await self._sweep()

    def _hear(self, hints: list[Hint]) -> None:
        for topic, data in hints:
            if topic == GONE:
                self._sweep_at = 0.0
            elif poke := self._pokes.get(data.get("id", "")):
                poke.set()

    async def _sweep(self) -> None:
        """Free what the executor keeps of workloads that were deleted."""
        kept = [workload_id for workload_id in await self._executor.kept() if workload_id not in self._strangers]
        for workload_id in await self._db.read(control.unknown, kept):
            await self._executor.forget(workload_id)

    async def _watch(self, lease: Lease) -> None:
        try:
            await self._follow(lease)
        except Exception:  # one workload that cannot be watched must not end the watch over the others
            log.exception("workload not watched for a while", workload=lease.id)
            await asyncio.sleep(_RETRY_S)
        finally:
            self._held.pop(lease.id, None)
            self._pokes.pop(lease.id, None)
        await self._db.write(control.release, lease)

    async def _follow(self, lease: Lease) -> None:
        """Until it has ended, waits for a restart, or somebody else has it."""
        poke = self._pokes[lease.id]
        pause = _QUICK_S
        while (watched := await self._db.read(control.load, lease)) is not None:
            if not watched.workload.status.holds_slots:
                return
            poke.clear()
            happened = await self._step(lease, watched)
            pause = _QUICK_S if happened else min(pause * 2, self._poll_s)
            await _wait(poke, pause)

    async def _step(self, lease: Lease, watched: control.Watched) -> bool:
        """One look; True when something happened."""
        workload = watched.workload
        seen = await self._executor.observe(workload)
        if workload.status is Status.STARTING and seen is None:
            seen = await self._submit(lease, workload)
        elif workload.status is Status.STOPPING and seen is not None and not seen.is_end:
            await self._executor.stop(workload)
        logged = await self._ship_log(lease, watched)  # before the end is announced, so that nothing comes after it
        if status.advanced(workload, seen, self._db.clock()) is workload:
            return logged
        await self._db.write(control.apply, lease, workload.attempt, seen)
        return True

    async def _submit(self, lease: Lease, workload: Workload) -> Seen | None:
        given = await self._db.write(control.credentials, lease)
        if given is None:
            return None
        ours = {
            "WARDIAN_URL": self._url,
            "WARDIAN_PROJECT": given.project,
            "WARDIAN_WORKLOAD": workload.id,
            "WARDIAN_ATTEMPT": str(workload.attempt),
            "WARDIAN_ACCESS_KEY": given.access,
            "WARDIAN_SECRET_KEY": given.secret,
        }
        try:
            await self._executor.submit(Order(workload=workload, variables=workload.spec.variables | ours))
        except Unavailable as error:
            await self._db.write(control.note, lease, f"cannot start yet: {error.message}")
            await asyncio.sleep(_RETRY_S)
            return None
        except WardianError as error:
            return Seen(phase=Phase.FINISHED, ended_by="start", reason=error.message)
        return await self._executor.observe(workload)

    async def _ship_log(self, lease: Lease, watched: control.Watched) -> bool:
        """Copy what the attempt has written since; offsets make it harmless to copy twice."""
        at: int | None = max(watched.log_end, watched.log_start)
        before = at
        while at is not None:
            data = await self._executor.log(watched.workload, at - watched.log_start, _LOG_PIECE)
            if not data:
                break
            at = await self._db.write(control.append_log, lease, at, data)
        return at != before


async def _wait(poke: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await poke.wait()
    except TimeoutError:
        return
