"""The language of filters."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.kernel.errors import Invalid
from wardian.tracking.search.grammar import All, AnyOf, Check, Not, parse_columns, parse_filter, parse_order


def only(text: str) -> Check:
    found = parse_filter(text)
    assert isinstance(found, Check)
    return found


class TestFilter:
    @pytest.mark.parametrize(
        ("text", "group", "name", "aggregate"),
        [
            ("metrics.loss < 1", "metric", "loss", "last"),
            ("metrics.loss.min < 1", "metric", "loss", "min"),
            ("metrics.val/loss < 1", "metric", "val/loss", "last"),
            ("metrics.train.loss.max < 1", "metric", "train.loss", "max"),
            ("metrics.`val loss`.min < 1", "metric", "val loss", "min"),
            ("metrics.`a.min` < 1", "metric", "a.min", "last"),
            ("metrics.`tick``s` < 1", "metric", "tick`s", "last"),
            ("metrics.min < 1", "metric", "min", "last"),
            ("params.batch-size = 3", "param", "batch-size", "last"),
            ("params.3d = 3", "param", "3d", "last"),
            ("params.3 = 3", "param", "3", "last"),
            ("tags.team = 'a'", "tag", "team", "last"),
            ("status = 'running'", "run", "status", "last"),
        ],
    )
    def test_fields(self, text: str, group: str, name: str, aggregate: str) -> None:
        field = only(text).field
        assert (field.group, field.name, field.aggregate) == (group, name, aggregate)

    @pytest.mark.parametrize(
        ("text", "operator", "values"),
        [
            ("name='it''s'", "=", ("it's",)),
            ('name == "a ""b"""', "=", ('a "b"',)),
            ("params.x <> -1.5e-3", "!=", (-0.0015,)),
            ("params.x>=.5", ">=", (0.5,)),
            ("params.on = TRUE", "=", (True,)),
            ("metrics.x > -inf", ">", (-math.inf,)),
            ("name LIKE '%a%'", "like", ("%a%",)),
            ("name in ('a', 'b')", "in", ("a", "b")),
        ],
    )
    def test_operators_and_values(self, text: str, operator: str, values: tuple) -> None:
        test = only(text)
        assert (test.operator, test.values) == (operator, values)

    def test_and_binds_closer_than_or_and_not_closest(self) -> None:
        found = parse_filter("name = 'a' or not name = 'b' and name = 'c'")
        assert isinstance(found, AnyOf)
        assert isinstance(found.parts[1], All)
        assert isinstance(found.parts[1].parts[0], Not)

    def test_parentheses(self) -> None:
        found = parse_filter("(name = 'a' or name = 'b') and name is not null")
        assert isinstance(found, All)
        assert isinstance(found.parts[0], AnyOf)

    def test_nothing_is_no_condition(self) -> None:
        assert parse_filter("  ") is None

    @pytest.mark.parametrize(
        ("text", "position", "words"),
        [
            ("metrics.loss <", 14, "expected a number"),
            ("surprise = 1", 0, "is no field"),
            ("metrics = 1", 8, "as in `metrics.loss`"),
            ("name = 'open", 7, "closed"),
            ("name = 'a' name", 11, "`and`, `or` or the end"),
            ("(name = 'a'", 11, "expected ')'"),
            ("name ~ 'a'", 5, "belongs to nothing"),
            ("name = 'a' and", 14, "a field such as"),
            ("(" * 30 + "name = 'a'" + ")" * 30, 21, "within each other"),
            (" and ".join(["name = 'a'"] * 51), 750, "more than 50"),
        ],
    )
    def test_errors_name_the_place(self, text: str, position: int, words: str) -> None:
        with pytest.raises(Invalid, match=words.replace("(", r"\(").replace(")", r"\)")) as caught:
            parse_filter(text)
        assert caught.value.detail["position"] == position

    @given(st.text(alphabet="metricspa.ndorlike ()'\"`<>=!-0123456789,\x00", max_size=60))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        try:
            parse_filter(text)
        except Invalid:
            return

    @given(st.text(min_size=1, max_size=20).filter(lambda key: key == key.strip() and key.isprintable()))
    def test_any_key_can_be_written_in_backquotes(self, key: str) -> None:
        written = key.replace("`", "``")
        assert only(f"params.`{written}` = 1").field.name == key


class TestOrderAndColumns:
    def test_order(self) -> None:
        found = parse_order("metrics.loss.min, -params.lr, name desc, status asc")
        assert [order.descending for order in found] == [False, True, True, False]
        assert found[0].field.aggregate == "min"

    def test_columns(self) -> None:
        assert [(f.group, f.name) for f in parse_columns("metrics.loss, params.lr")] == [
            ("metric", "loss"),
            ("param", "lr"),
        ]
        assert parse_columns("") == []

    def test_too_many_orders(self) -> None:
        with pytest.raises(Invalid, match="at most 5"):
            parse_order(", ".join(["name"] * 6))
