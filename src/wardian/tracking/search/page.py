"""One page of runs, in any order, that costs the same however deep in the list it lies.

Runs that have the first value to sort by come first, in the order of that value's index; then, as a phase of its own,
those that have not. A cursor holds the phase and the values of the last run, so the next page begins with a seek.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from wardian.kernel.errors import Invalid
from wardian.kernel.paging import Page, decode_cursor, encode_cursor
from wardian.storage.sql import Tx
from wardian.storage.types import Utc
from wardian.tracking.search.conditions import TABLES, Column, Scope, aggregate_column, few_runs, run_column, where
from wardian.tracking.search.grammar import Condition, Field, Order
from wardian.tracking.tables import runs, series

DEFAULT = [Order(Field("run", "created_at"), descending=True)]


@dataclass(frozen=True, slots=True)
class Term:
    column: Column
    descending: bool
    nullable: bool = False
    """NULL comes last, whatever the direction."""


@dataclass(frozen=True, slots=True)
class Phase:
    source: sa.FromClause
    where: Sequence[sa.ColumnElement[bool]]
    terms: Sequence[Term]
    joined: Mapping[tuple[str, str], sa.FromClause]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; `experiment` is an id."""

    project: str
    condition: Condition | None = None
    orders: Sequence[Order] = ()
    experiment: str | None = None
    few: Sequence[str] | None = None
    """Runs that `page` found to be the only candidates."""


def page(tx: Tx, wanted: Wanted, cursor: str | None, limit: int) -> Page[str]:
    """Ids of runs."""
    few = few_runs(tx, wanted.condition, wanted.project, Scope(tx.dialect, tx.now, {}))
    wanted = replace(wanted, few=few)
    phases = _phases(tx, wanted)
    at, after = _position(cursor, phases)
    found: list[str] = []
    while at < len(phases):
        rows = _rows(tx, wanted, phases[at], after, limit + 1 - len(found))
        room = limit - len(found)
        found += [row[0] for row in rows[:room]]
        if len(rows) > room:
            if room == 0:  # the page is full and this phase, untouched, has more: begin with it
                return Page(items=found, next=encode_cursor(at, None))
            return Page(items=found, next=encode_cursor(at, [_plain(value) for value in rows[room - 1][1:]]))
        at, after = at + 1, None
    return Page(items=found)


def _phases(tx: Tx, wanted: Wanted) -> list[Phase]:
    orders = list(wanted.orders) or DEFAULT
    first, rest = orders[0], orders[1:]
    source, others = _left_joined(tx, wanted.project, rest, runs)
    by_id = Term(runs.c.id, first.descending)
    in_project = _in_project(wanted, runs)
    if first.field.group == "run":
        column = run_column(first.field, tx.dialect, tx.now)
        nullable = first.field.name not in _NEVER_NULL
        return [Phase(source, [in_project], [Term(column, first.descending, nullable), *others, by_id], {})]
    absent: list[sa.ColumnElement[bool]] = []
    phases: list[Phase] = []
    for column_name in _value_columns(first.field):
        table = TABLES[first.field.group].alias()
        column = table.c[column_name]
        here = [_in_project(wanted, table), table.c.key == first.field.name, column.is_not(None), *absent]
        joined = source.join(table, table.c.run == runs.c.id)
        terms = [Term(column, first.descending), *others, Term(table.c.run, first.descending)]
        known = {(first.field.group, first.field.name): table}
        phases.append(Phase(joined, here, terms, known))
        absent = [*absent, _lacks(first.field, column_name)]
    return [*phases, Phase(source, [in_project, *absent], [*others, by_id], {})]


def _in_project(wanted: Wanted, table: sa.FromClause) -> sa.ColumnElement[bool]:
    """A few runs known by id are in the project; not to say so keeps planners from walking the project's index."""
    return runs.c.id.in_(wanted.few) if wanted.few is not None else table.c.project == wanted.project


_NEVER_NULL = frozenset({"id", "name", "status", "kind", "experiment", "created_at", "created_by", "reason", "notes"})


def _value_columns(field: Field) -> list[str]:
    """By which columns a field is sorted: parameters that are numbers come before the others."""
    if field.group == "metric":
        return [aggregate_column(series, field).name]
    return ["number", "text"] if field.group == "param" else ["text"]


def _lacks(field: Field, column: str) -> sa.ColumnElement[bool]:
    table = TABLES[field.group].alias()
    has = sa.select(1).where(table.c.run == runs.c.id, table.c.key == field.name, table.c[column].is_not(None))
    return ~sa.exists(has)


def _left_joined(
    tx: Tx, project: str, orders: Sequence[Order], source: sa.FromClause
) -> tuple[sa.FromClause, list[Term]]:
    """The terms after the first, and the tables that they need."""
    terms: list[Term] = []
    for order in orders:
        if order.field.group == "run":
            column = run_column(order.field, tx.dialect, tx.now)
            terms.append(Term(column, order.descending, order.field.name not in _NEVER_NULL))
            continue
        table = TABLES[order.field.group].alias()
        on = sa.and_(table.c.run == runs.c.id, table.c.key == order.field.name, table.c.project == project)
        source = source.outerjoin(table, on)
        terms += [Term(table.c[name], order.descending, nullable=True) for name in _value_columns(order.field)]
    return source, terms


def _rows(tx: Tx, wanted: Wanted, phase: Phase, after: list[Any] | None, limit: int) -> Sequence[sa.Row[Any]]:
    columns = [term.column.label(f"sort_{n}") for n, term in enumerate(phase.terms)]
    query = sa.select(runs.c.id, *columns).select_from(phase.source).where(*phase.where)
    if wanted.experiment is not None:
        query = query.where(runs.c.experiment == wanted.experiment)
    if wanted.condition is not None:
        query = query.where(where(wanted.condition, Scope(tx.dialect, tx.now, phase.joined)))
    if after is not None:
        query = query.where(_beyond(phase.terms, after))
    return tx.all(query.order_by(*(part for term in phase.terms for part in _ordered(term))).limit(limit))


def _ordered(term: Term) -> list[sa.ColumnElement[Any]]:
    direction = term.column.desc() if term.descending else term.column.asc()
    return [term.column.is_(None), direction] if term.nullable else [direction]


def _beyond(terms: Sequence[Term], after: list[Any]) -> sa.ColumnElement[bool]:
    """Rows that come behind the one with these values."""
    values = [_typed(term, value) for term, value in zip(terms, after, strict=True)]
    if len({term.descending for term in terms}) == 1 and not any(term.nullable for term in terms):
        here, there = sa.tuple_(*(term.column for term in terms)), sa.tuple_(*values)
        return here < there if terms[0].descending else here > there
    ways: list[sa.ColumnElement[bool]] = []
    same: list[sa.ColumnElement[bool]] = []
    for term, value, raw in zip(terms, values, after, strict=True):
        if raw is not None:
            further = term.column < value if term.descending else term.column > value
            ways.append(sa.and_(*same, sa.or_(further, term.column.is_(None)) if term.nullable else further))
        same.append(term.column.is_(None) if raw is None else term.column == value)
    return sa.or_(*ways)


def _typed(term: Term, value: Any) -> sa.ColumnElement[Any]:
    if value is None:
        return sa.null()
    kind = term.column.type
    try:
        if isinstance(kind, Utc):
            value = datetime.fromisoformat(value)
        elif isinstance(kind, sa.String) is not isinstance(value, str):
            raise TypeError(value)
        return sa.literal(value if isinstance(value, (str, datetime)) else value + 0, kind)
    except (TypeError, ValueError) as error:
        raise Invalid("this cursor does not belong to this order; start again without one") from error


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _position(cursor: str | None, phases: Sequence[Phase]) -> tuple[int, list[Any] | None]:
    if cursor is None:
        return 0, None
    at, values = decode_cursor(cursor, 2)
    after = cast("list[Any]", values) if isinstance(values, list) else []
    if not isinstance(at, int) or not 0 <= at < len(phases) or len(after) not in (0, len(phases[at].terms)):
        raise Invalid("this cursor does not belong to this order; start again without one", cursor=cursor)
    return at, after or None
