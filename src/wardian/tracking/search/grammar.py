"""The language of filters: text to tree.

    condition := both ("or" both)*
    both      := factor ("and" factor)*
    factor    := "not" factor | "(" condition ")" | test
    test      := field ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) value
               | field ["not"] ("like" | "ilike") text | field ["not"] "in" "(" value ("," value)* ")"
               | field "is" ["not"] "null"
    field     := name | ("metrics" | "params" | "tags") "." key ["." aggregate]
    value     := number | "nan" | "inf" | "-inf" | 'text' | "text" | true | false

A key that is more than letters, digits, `_ - . /` stands in backquotes: metrics.`val loss`.min. A quote within a text
is doubled. Words of the language may be written in capitals.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from wardian.kernel.errors import Invalid
from wardian.tracking.models import check_key

MAX_LENGTH = 4_000
MAX_COLUMNS_LENGTH = 16_000
MAX_TESTS = 50
MAX_DEPTH = 20
MAX_ORDERS = 5
AGGREGATES = ("last", "min", "max", "first", "count", "step")
_TEXTS = (
    "id",
    "name",
    "status",
    "reason",
    "kind",
    "experiment",
    "notes",
    "created_by",
    "parent",
    "workload",
    "program",
)
FIELDS = frozenset({*_TEXTS, "program_version", "created_at", "started_at", "finished_at", "duration"})
Value: TypeAlias = float | str | bool
Group: TypeAlias = Literal["run", "metric", "param", "tag"]
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "like", "ilike", "in", "null"]

GROUPS: dict[str, Group] = {
    "metrics": "metric", "metric": "metric", "params": "param", "param": "param", "tags": "tag", "tag": "tag",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    group: Group
    name: str
    aggregate: str = "last"
    """Of a metric only."""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    field: Field
    operator: Operator
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


Condition: TypeAlias = Check | Not | All | AnyOf


@dataclass(frozen=True, slots=True)
class Order:
    field: Field
    descending: bool


@dataclass(frozen=True, slots=True)
class Token:
    kind: Literal["word", "key", "text", "number", "sign", "end"]
    text: str
    position: int


_TOKENS = re.compile(
    r"""(?P<space>\s+)
    |(?P<key>`(?:[^`]|``)*`)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<number>(?<![\w`.])[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_])|-(?i:inf)\b)
    |(?P<word>[A-Za-z_][A-Za-z0-9_/-]*|(?<=\.)[A-Za-z0-9_/-]+)
    |(?P<sign><=|>=|==|!=|<>|[=<>(),.-])""",
    re.VERBOSE,
)


def parse_filter(text: str) -> Condition | None:
    """The tree of a filter, None if it is empty; Invalid names the place where it cannot be read."""
    parser = _Parser(text)
    if parser.next.kind == "end":
        return None
    condition = parser.condition(0)
    parser.expect_end("`and`, `or` or the end")
    return condition


def parse_order(text: str) -> list[Order]:
    """`metrics.loss, created_at desc`; a field may also have `-` before it for `desc`."""
    parser = _Parser(text)
    orders: list[Order] = []
    while parser.next.kind != "end":
        is_minus = parser.accept("-")
        field = parser.field()
        descending = parser.accept("desc") or (not parser.accept("asc") and is_minus)
        orders.append(Order(field, descending))
        if not parser.accept(","):
            parser.expect_end("`asc`, `desc`, a comma or the end")
    if len(orders) > MAX_ORDERS:
        raise Invalid(f"{len(orders)} columns to sort by; at most {MAX_ORDERS}", limit=MAX_ORDERS)
    return orders


def parse_columns(text: str) -> list[Field]:
    """`metrics.loss, params.lr`."""
    parser = _Parser(text, MAX_COLUMNS_LENGTH)
    fields: list[Field] = []
    while parser.next.kind != "end":
        fields.append(parser.field())
        if not parser.accept(","):
            parser.expect_end("a comma or the end")
    return fields


class _Parser:
    """Recursive descent, one token ahead."""

    def __init__(self, text: str, longest: int = MAX_LENGTH) -> None:
        if len(text) > longest:
            raise Invalid(f"the text has {len(text)} characters; at most {longest}", limit=longest)
        if "\x00" in text:
            raise Invalid("the text holds a NUL character")
        self._text = text
        self._tokens = self._tokenized()
        self._at = 0
        self._tests = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def condition(self, depth: int) -> Condition:
        parts = [self._both(depth)]
        while self.accept("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def field(self) -> Field:
        token = self._take("word", "a field such as `metrics.loss`, `params.lr`, `tags.team` or `status`")
        group = GROUPS.get(token.text.lower())
        if group is None:
            if token.text not in FIELDS:
                raise self._wrong(
                    token, f"{token.text!r} is no field; there are metrics.KEY, params.KEY, tags.KEY and {_FIELD_NAMES}"
                )
            return Field("run", token.text, position=token.position)
        key, aggregate = self._key(group)
        return Field(group, check_key(key, group), aggregate, token.position)

    def accept(self, text: str) -> bool:
        is_here = self.next.kind in ("word", "sign") and self.next.text.lower() == text
        self._at += is_here
        return is_here

    def expect_end(self, wanted: str) -> None:
        if self.next.kind != "end":
            raise self._wrong(self.next, f"expected {wanted}")

    def _both(self, depth: int) -> Condition:
        parts = [self._factor(depth)]
        while self.accept("and"):
            parts.append(self._factor(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _factor(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise self._wrong(self.next, f"more than {MAX_DEPTH} parentheses and negations within each other")
        if self.accept("not"):
            return Not(self._factor(depth + 1))
        if self.accept("("):
            inner = self.condition(depth + 1)
            self._expect(")")
            return inner
        return self._test()

    def _test(self) -> Check:
        self._tests += 1
        if self._tests > MAX_TESTS:
            raise self._wrong(self.next, f"more than {MAX_TESTS} conditions")
        field = self.field()
        if self.accept("is"):
            negated = self.accept("not")
            self._expect("null")
            return Check(field, "null", (), negated)
        negated = self.accept("not")
        for operator in ("like", "ilike"):
            if self.accept(operator):
                return Check(field, operator, (self._take("text", "a pattern in quotes").text,), negated)
        if self.accept("in"):
            return Check(field, "in", self._list(), negated)
        token = self.next
        operator = _COMPARISONS.get(token.text)
        if negated or token.kind != "sign" or operator is None:
            raise self._wrong(token, "expected a comparison (= != < <= > >=), `like`, `ilike`, `in` or `is null`")
        self._at += 1
        return Check(field, operator, (self._value(),))

    def _list(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self._value()]
        while self.accept(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self.next
        word = token.text.lower()
        self._at += 1
        if token.kind == "text":
            return token.text
        if token.kind == "number":
            return float(token.text)
        if token.kind == "word" and word in _WORDS:
            return _WORDS[word]
        raise self._wrong(token, "expected a number, a text in quotes, true or false")

    def _key(self, group: str) -> tuple[str, str]:
        """`a.b.min` after `metrics`: a key and, of a metric, the aggregate."""
        parts: list[Token] = []
        while self.accept("."):
            if self.next.kind not in ("word", "key"):
                raise self._wrong(
                    self.next, "expected a key; one with other than letters, digits, _ - . / stands in `backquotes`"
                )
            parts.append(self.next)
            self._at += 1
        if not parts:
            raise self._wrong(self.next, "expected `.` and a key, as in `metrics.loss`")
        aggregate = "last"
        if group == "metric" and len(parts) > 1 and parts[-1].kind == "word" and parts[-1].text in AGGREGATES:
            aggregate = parts.pop().text
        return ".".join(part.text for part in parts), aggregate

    def _take(self, kind: str, wanted: str) -> Token:
        token = self.next
        if token.kind != kind:
            raise self._wrong(token, f"expected {wanted}")
        self._at += 1
        return token

    def _expect(self, text: str) -> None:
        if not self.accept(text):
            raise self._wrong(self.next, f"expected {text!r}")

    def _wrong(self, token: Token, what: str) -> Invalid:
        found = "the end" if token.kind == "end" else repr(token.text)
        return Invalid(f"at character {token.position + 1} ({found}): {what}", position=token.position, text=self._text)

    def _tokenized(self) -> Sequence[Token]:
        tokens: list[Token] = []
        at = 0
        while at < len(self._text):
            match = _TOKENS.match(self._text, at)
            if match is None:
                rest = Token("sign", self._text[at], at)
                raise self._wrong(rest, "this belongs to nothing here; texts stand in 'quotes' that are closed")
            tokens += _tokens_of(match)
            at = match.end()
        return [*tokens, Token("end", "", len(self._text))]


def _tokens_of(match: re.Match[str]) -> list[Token]:
    kind, text = match.lastgroup, match.group()
    if kind in ("key", "text"):
        return [Token(kind, text[1:-1].replace(text[0] * 2, text[0]), match.start())]
    if kind in ("number", "word", "sign"):
        return [Token(kind, text, match.start())]
    return []


_WORDS: dict[str, Value] = {"true": True, "false": False, "nan": math.nan, "inf": math.inf}
_COMPARISONS: dict[str, Operator] = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_FIELD_NAMES = ", ".join(sorted(FIELDS))
