"""Typed parameters: what may be given, as a value or as text."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.kernel.errors import Invalid
from wardian.programs.parameters import Parameter, settle


def parameter(**fields):
    return Parameter.model_validate(fields)


class TestAccept:
    @pytest.mark.parametrize(
        ("fields", "given", "value"),
        [
            ({"default": 1}, "30", 30),
            ({"default": 1}, 3.0, 3),
            ({"default": 1.5}, 2, 2.0),
            ({"default": 1.5}, "1e-3", 0.001),
            ({"type": "number", "default": 1}, "0.5", 0.5),
            ({"type": "number", "default": 1.5}, "2", 2),
            ({"default": False}, "true", True),
            ({"default": "a"}, "12", "12"),
            ({"default": [1]}, "[1, {a: b}]", [1, {"a": "b"}]),
            ({"default": {}}, "{a: [1]}", {"a": [1]}),
            ({"choices": ["sgd", "adam"], "default": "sgd"}, "adam", "adam"),
            ({"choices": [1, 2], "default": 1}, "2", 2),
            ({"default": None}, "[1]", [1]),
            ({"type": "int", "default": None}, None, None),
            ({"type": "int", "default": None}, "4", 4),
        ],
    )
    def test_what_fits(self, fields, given, value):
        accepted = parameter(**fields).accept(given)
        assert accepted == value
        assert type(accepted) is type(value)

    @pytest.mark.parametrize(
        ("fields", "given", "told"),
        [
            ({"default": 1}, "many", "whole number"),
            ({"default": 1}, True, "whole number"),
            ({"default": 1}, 1.5, "whole number"),
            ({"default": 1}, None, "whole number"),
            ({"default": 1.5}, "nan", "finite"),
            ({"default": 1, "minimum": 1}, 0, "at least 1"),
            ({"default": 1, "maximum": 5}, "6", "at most 5"),
            ({"default": True}, "maybe", "true or false"),
            ({"default": "a"}, 12, "text"),
            ({"default": [1]}, "{a: 1}", "a list"),
            ({"choices": ["sgd", "adam"], "default": "sgd"}, "adamm", "one of sgd, adam"),
        ],
    )
    def test_what_does_not(self, fields, given, told):
        with pytest.raises(ValueError, match=told):
            parameter(**fields).accept(given)

    @given(
        st.one_of(
            st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.lists(st.integers())
        )
    )
    def test_a_default_fits_its_own_type(self, value):
        assert parameter(default=value).accept(value) == value

    @pytest.mark.parametrize(
        "fields", [{"type": "string", "minimum": 1}, {"type": "choice"}, {"minimum": 2, "maximum": 1, "default": 2}]
    )
    def test_nonsense_is_refused(self, fields):
        with pytest.raises(ValueError, match=r"needs? a|above|choices"):
            parameter(**fields)


class TestSettle:
    KNOWN: ClassVar = {"epochs": parameter(default=10), "lr": parameter(default=0.1), "name": parameter(type="string")}

    def test_only_what_is_named_changes(self):
        assert settle(self.KNOWN, {"epochs": "30", "name": "x"}) == {"epochs": 30, "lr": 0.1, "name": "x"}

    def test_all_faults_are_told_at_once_with_their_names(self):
        with pytest.raises(Invalid, match="unknown parameter epoch: did you mean epochs") as refused:
            settle(self.KNOWN, {"epoch": 1, "lr": "quick"})
        assert set(refused.value.detail["parameters"]) == {"epoch", "lr", "name"}
