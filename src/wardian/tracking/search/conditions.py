"""Filters as SQL: one probe by primary key for each test of a parameter, metric or tag."""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from wardian.kernel.errors import Invalid
from wardian.storage.sql import Tx
from wardian.storage.types import Float
from wardian.tracking.search.grammar import All, AnyOf, Check, Condition, Field, Not, Value
from wardian.tracking.tables import HEAD, experiments, params, runs, series, tags

FEW = 1_000
TABLES = {"metric": series, "param": params, "tag": tags}
_AGGREGATES = {"last": "last", "min": "min", "max": "max", "first": "first", "count": "points", "step": "last_step"}
_TIMES = frozenset({"created_at", "started_at", "finished_at"})
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where conditions hold."""

    dialect: str
    now: datetime
    joined: Mapping[tuple[str, str], sa.FromClause]
    """Tables that the query holds already, by group and key: their columns are tested as they are."""


def aggregate_column(table: sa.FromClause, field: Field) -> Column:
    """The column of `series` that a metric field means."""
    return table.c[_AGGREGATES[field.aggregate]]


def run_column(field: Field, dialect: str, now: datetime) -> Column:
    """The column of a field of the run itself."""
    if field.name == "experiment":
        return sa.select(experiments.c.name).where(experiments.c.id == runs.c.experiment).scalar_subquery()
    if field.name == "duration":
        end = sa.func.coalesce(runs.c.finished_at, sa.literal(now, runs.c.finished_at.type))
        if dialect == "postgresql":
            return sa.cast(sa.func.extract("epoch", end - runs.c.started_at), Float)
        return (sa.func.julianday(end) - sa.func.julianday(runs.c.started_at)) * 86_400.0
    return runs.c[field.name]


def few_runs(tx: Tx, condition: Condition | None, project: str, scope: Scope) -> list[str] | None:
    """All runs that a part of the condition leaves, where an index shows at once that these are few; else None.

    Driving the query from them spares a walk through the whole list for the sake of a handful.
    """
    for part in condition.parts if isinstance(condition, All) else (condition,):
        if isinstance(part, Check) and part.field.group != "run" and part.operator != "null" and not part.negated:
            table = TABLES[part.field.group]
            here = sa.select(table.c.run).where(table.c.project == project, table.c.key == part.field.name)
            found = tx.scalars(here.where(_value_test(part, table, scope)).limit(FEW + 1))
            if len(found) <= FEW:
                return list(found)
    return None


def where(condition: Condition, scope: Scope) -> sa.ColumnElement[bool]:
    match condition:
        case All(parts):
            return sa.and_(*(where(part, scope) for part in parts))
        case AnyOf(parts):
            inner = Scope(scope.dialect, scope.now, {})  # a joined table is only tested by what must hold anyway
            return sa.or_(*(where(part, inner) for part in parts))
        case Not(inner):
            found = where(inner, Scope(scope.dialect, scope.now, {}))
            return sa.not_(sa.func.coalesce(found, sa.false()))
        case Check():
            return _test(condition, scope)


def _test(test: Check, scope: Scope) -> sa.ColumnElement[bool]:
    field = test.field
    if field.group == "run":
        return _run_test(test, scope)
    joined = scope.joined.get((field.group, field.name))
    if joined is not None and test.operator != "null":
        return _value_test(test, joined, scope)
    table = TABLES[field.group].alias()
    here = sa.select(1).where(table.c.run == runs.c.id, table.c.key == field.name)
    if test.operator == "null":
        return sa.exists(here) if test.negated else ~sa.exists(here)
    return sa.exists(here.where(_value_test(test, table, scope)))


def _run_test(test: Check, scope: Scope) -> sa.ColumnElement[bool]:
    column, name = run_column(test.field, scope.dialect, scope.now), test.field.name
    if test.operator == "null":
        return column.is_not(None) if test.negated else column.is_(None)
    if name in _TIMES:
        return _compared(
            column, test, [sa.literal(_time(test, value), runs.c[name].type) for value in test.values], scope
        )
    if name == "duration":
        return _compared(column, test, [_number(test, value) for value in test.values], scope)
    return _compared(column, test, [_text(test, value) for value in test.values], scope)


def _value_test(test: Check, table: sa.FromClause, scope: Scope) -> sa.ColumnElement[bool]:
    if test.field.group == "metric":
        column = aggregate_column(table, test.field)
        if any(isinstance(value, float) and math.isnan(value) for value in test.values):
            return _nan_test(test, column)
        return _compared(column, test, [_number(test, value) for value in test.values], scope)
    numeric = test.field.group == "param" and all(_is_number(value) for value in test.values)
    if numeric and test.operator not in ("like", "ilike"):
        return _compared(table.c.number, test, list(test.values), scope)
    return _compared(table.c.text, test, [_text(test, value) for value in test.values], scope)


def _nan_test(test: Check, column: Column) -> sa.ColumnElement[bool]:
    """A NaN is stored as NULL."""
    if test.operator not in ("=", "!="):
        raise _wrong(test, "nan can only be compared by = and !=")
    return column.is_(None) if test.operator == "=" else column.is_not(None)


def _compared(column: Column, test: Check, values: list[Any], scope: Scope) -> sa.ColumnElement[bool]:
    if test.operator in _COMPARE:
        return _COMPARE[test.operator](column, values[0])
    if test.operator == "in":
        found = column.in_(values)
    elif not isinstance(values[0], str):
        raise _wrong(test, f"`{test.operator}` is for texts")
    elif test.operator == "ilike":
        found = column.ilike(values[0])
    elif scope.dialect == "postgresql":
        found = column.like(values[0])
    else:
        found = column.op("GLOB", is_comparison=True)(_glob(values[0]))
    return sa.not_(found) if test.negated else found


def _glob(pattern: str) -> str:
    """SQLite's LIKE ignores case; GLOB does not. `[x]` stands for the character itself."""
    plain = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    return "".join(plain.get(character, character) for character in pattern)


def _is_number(value: Value) -> bool:
    return isinstance(value, float)


def _number(test: Check, value: Value) -> float:
    if not isinstance(value, float):
        raise _wrong(test, f"a number is compared with {value!r}; write it without quotes")
    return value


def _text(test: Check, value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value).removesuffix(".0")
    if len(value) >= HEAD and test.field.group != "run":
        raise _wrong(test, f"texts of {HEAD} characters and more cannot be compared; use `like` with their beginning")
    return value


def _time(test: Check, value: Value) -> datetime:
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        time = None
    if time is None:
        raise _wrong(test, "a time is written as '2026-11-21' or '2026-11-21T09:30:00Z'")
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _wrong(test: Check, what: str) -> Invalid:
    field = test.field.name if test.field.group == "run" else f"{test.field.group}s.{test.field.name}"
    return Invalid(f"{field} at character {test.field.position + 1}: {what}", position=test.field.position)
