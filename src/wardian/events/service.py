"""Use-cases of events. Every function runs inside one transaction."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from wardian.events.models import GENESIS, Event, SealedEvent, Verdict, chained
from wardian.events.schemas import EventFilter
from wardian.events.tables import events as t
from wardian.events.tables import trail
from wardian.kernel.ids import new_id
from wardian.kernel.paging import Page, PageQuery, encode_cursor
from wardian.storage.sql import Tx, record

TOPIC = "events"
"""Bus topic that hints: something was emitted."""
SEALED = "trail"
"""Bus topic that hints: the sealed trail has grown."""


class Doer(Protocol):
    """Whoever acts; `identity.models.Actor` is one."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def emit(
    tx: Tx,
    actor: Doer,
    verb: str,
    *,
    noun: str,
    id: str,
    project: str | None,
    name: str = "",
    **detail: Any,
) -> Event:
    """Say in this transaction that something happened; higher features react at once, in the same transaction."""
    event = Event(
        id=new_id(),
        at=tx.now,
        verb=verb,
        actor=actor.id,
        actor_name=actor.name,
        project=project,
        noun=noun,
        thing=id,
        name=name,
        detail=detail,
    )
    tx.insert(t, **event.model_dump(exclude={"at"}), at=event.at)
    for reaction in (*tx.reactions.get(verb, ()), *tx.reactions.get(f"{noun}.*", ())):
        reaction(tx, event)
    tx.publish(TOPIC)
    return event


def seal(tx: Tx, limit: int = 500) -> int:
    """Give emitted events their place and hash in the trail; returns how many. The head's row keeps sealers apart."""
    waiting = tx.all(sa.select(t).where(t.c.seq.is_(None)).order_by(t.c.id).limit(limit))
    if not waiting:
        return 0
    tx.upsert(trail, [{"id": 1, "seq": 0, "hash": GENESIS}], key=["id"], update=[])
    head = tx.one(sa.select(trail).where(trail.c.id == 1).with_for_update())
    if tx.dialect == "postgresql":  # another replica may have sealed some while we waited for the head
        waiting = tx.all(sa.select(t).where(t.c.seq.is_(None)).order_by(t.c.id).limit(limit))
    seq, last = head.seq, head.hash
    rows: list[dict[str, Any]] = []
    for row in waiting:
        seq += 1
        last = chained(last, _event(row).model_copy(update={"seq": seq}))
        rows.append({"row_id": row.id, "new_seq": seq, "new_hash": last})
    place = (
        t.update()
        .where(t.c.id == sa.bindparam("row_id"))
        .values(seq=sa.bindparam("new_seq"), hash=sa.bindparam("new_hash"))
    )
    if rows:
        tx.run(place, rows)
        tx.run(trail.update().values(seq=seq, hash=last))
    return len(rows)


def recent(tx: Tx, sees: frozenset[str] | None, where: EventFilter, page: PageQuery) -> Page[SealedEvent]:
    """The trail, newest first, of the projects in `sees` (None: all)."""
    query = sa.select(t).where(t.c.seq.is_not(None), *_conditions(sees, where)).order_by(t.c.seq.desc())
    if position := page.position(1):
        query = query.where(t.c.seq < position[0])
    rows = tx.all(query.limit(page.limit + 1))
    items = [_sealed(row) for row in rows[: page.limit]]
    return Page(items=items, next=encode_cursor(items[-1].seq) if len(rows) > page.limit else None)


def after(tx: Tx, sees: frozenset[str] | None, where: EventFilter, seq: int, limit: int = 200) -> list[SealedEvent]:
    """What was sealed after `seq`, oldest first: for whoever follows the trail."""
    query = sa.select(t).where(t.c.seq > seq, *_conditions(sees, where)).order_by(t.c.seq).limit(limit)
    return [_sealed(row) for row in tx.all(query)]


def head(tx: Tx) -> int:
    """The highest place in the trail so far."""
    return tx.scalar(sa.select(trail.c.seq)) or 0


def verify(tx: Tx) -> Verdict:
    """Recompute the whole chain."""
    last, count = GENESIS, 0
    for row in tx.conn.execute(sa.select(t).where(t.c.seq.is_not(None)).order_by(t.c.seq)).yield_per(1000):
        last = chained(last, _event(row))
        count += 1
        if row.seq != count or row.hash != last:
            return Verdict(intact=False, checked=count, broken_at=count, head=last)
    kept = tx.one_or_none(sa.select(trail))
    whole = kept is None or (kept.seq == count and kept.hash == last)
    return Verdict(intact=whole, checked=count, broken_at=None if whole else count + 1, head=last)


def _conditions(sees: frozenset[str] | None, where: EventFilter) -> Sequence[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if sees is not None:
        found.append(t.c.project.in_(sees))
    for column in ("project", "actor", "noun", "thing", "verb"):
        if (value := getattr(where, column)) is not None:
            found.append(t.c[column] == value)
    if where.text:
        found.append(t.c.name.icontains(where.text, autoescape=True))
    return found


def _event(row: sa.Row[Any]) -> Event:
    return Event.model_validate({key: value for key, value in record(row).items() if key != "hash"})


def _sealed(row: sa.Row[Any]) -> SealedEvent:
    return SealedEvent.model_validate(record(row))
