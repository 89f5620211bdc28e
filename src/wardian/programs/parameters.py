"""Typed parameters of a program: what may be given, and what a value given as text means."""

import difflib
import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

import yaml
from pydantic import Field, field_validator, model_validator

from wardian.kernel.errors import Invalid
from wardian.kernel.models import Model


class ParameterType(StrEnum):
    INT = "int"
    FLOAT = "float"
    NUMBER = "number"
    """An int or a float, kept as it was written: what the numbers of a same.yaml become."""
    BOOL = "bool"
    STRING = "string"
    CHOICE = "choice"
    LIST = "list"
    MAP = "map"
    ANY = "any"
    """Whatever YAML makes of the text: for a default of null."""


_NUMBERS = {ParameterType.INT, ParameterType.FLOAT, ParameterType.NUMBER}
_CLASSES: dict[ParameterType, tuple[type[Any], ...]] = {
    ParameterType.INT: (int,),
    ParameterType.FLOAT: (float,),
    ParameterType.NUMBER: (int, float),
    ParameterType.BOOL: (bool,),
    ParameterType.STRING: (str,),
    ParameterType.LIST: (list,),
    ParameterType.MAP: (dict,),
}
_WORDS = {
    ParameterType.INT: "a whole number",
    ParameterType.FLOAT: "a number",
    ParameterType.NUMBER: "a number",
    ParameterType.BOOL: "true or false",
    ParameterType.STRING: "text",
    ParameterType.LIST: "a list",
    ParameterType.MAP: "a map",
}


class Parameter(Model):
    """One parameter. Without a default it must be given to every run."""

    type: ParameterType = Field(description="What a value must be. Told by the default when it is left out.")
    default: Any = None
    required: bool = Field(default=False, description="True where there is no default; it need not be written.")
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str | int | float | bool, ...] = ()
    help: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        """`epochs: 10` and `epochs: {default: 10}` both say that epochs is an int."""
        if not isinstance(data, dict):
            data = {"default": data}
        fields: dict[str, Any] = dict(data)  # pyright: ignore[reportUnknownArgumentType]
        if "choices" in fields:
            fields.setdefault("type", ParameterType.CHOICE)
        if "default" in fields:
            fields.setdefault("type", type_of(fields["default"]))
        fields.setdefault("required", "default" not in fields)
        return fields

    @field_validator("type", mode="before")
    @classmethod
    def _other_names(cls, name: Any) -> Any:
        """The names Python and JSON use are understood too."""
        others = {
            "integer": "int",
            "double": "float",
            "boolean": "bool",
            "str": "string",
            "dict": "map",
            "array": "list",
        }
        return others.get(name, name) if isinstance(name, str) else name

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.minimum is not None or self.maximum is not None) and self.type not in _NUMBERS:
            raise ValueError(f"minimum and maximum need a number, and the type is {self.type}")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum:g} lies above maximum {self.maximum:g}")
        if bool(self.choices) != (self.type is ParameterType.CHOICE):
            raise ValueError("a choice needs `choices`, and only a choice has them")
        if not self.required:
            self.accept(self.default)
        return self

    def accept(self, value: Any) -> Any:
        """The value as the code will see it; ValueError says what is wrong with it.

        Text is read as the type wants it (`"30"` → 30), so that a command line and a form need no types of their own.
        """
        if value is None and self.default is None and not self.required:
            return None
        value = _read(value, self.type) if isinstance(value, str) else value
        match self.type:
            case ParameterType.CHOICE:
                return self._chosen(value)
            case ParameterType.FLOAT if type(value) is int:
                value = float(value)
            case ParameterType.INT if isinstance(value, float) and value.is_integer():
                value = int(value)
            case _:
                pass
        if not _fits(value, self.type):
            raise ValueError(f"must be {_WORDS[self.type]}, and {_shown(value)} is not")
        if self.type in _NUMBERS:
            self._check_bounds(value)
        return value

    def _check_bounds(self, value: float) -> None:
        if not math.isfinite(value):
            raise ValueError(f"must be a finite number, and {value} is not")
        if self.minimum is not None and value < self.minimum:
            raise ValueError(f"must be at least {self.minimum:g}, and {value:g} is less")
        if self.maximum is not None and value > self.maximum:
            raise ValueError(f"must be at most {self.maximum:g}, and {value:g} is more")

    def _chosen(self, value: Any) -> Any:
        for choice in self.choices:
            if (choice == value and type(choice) is type(value)) or str(choice).lower() == str(value).lower():
                return choice
        raise ValueError(f"must be one of {', '.join(map(str, self.choices))}, and {_shown(value)} is not")


def type_of(value: Any) -> ParameterType:
    """The type that a default tells."""
    told = (kind for kind, classes in _CLASSES.items() if kind is not ParameterType.NUMBER and type(value) in classes)
    return next(told, ParameterType.ANY)


def settle(parameters: Mapping[str, Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter's value for one run: what was given, else the default.

    Raises Invalid naming every unknown name (with the closest known one) and every value that does not fit.
    """
    faults = {name: _unknown(name, list(parameters)) for name in given if name not in parameters}
    values: dict[str, Any] = {}
    for name, parameter in parameters.items():
        if name not in given and parameter.required:
            faults[name] = f"parameter {name} has no default: give it a value"
            continue
        try:
            values[name] = parameter.accept(given.get(name, parameter.default))
        except ValueError as reason:
            faults[name] = f"parameter {name} {reason}"
    if faults:
        raise Invalid("; ".join(faults.values()), parameters=faults)
    return values


def _unknown(name: str, known: list[str]) -> str:
    if not known:
        return f"unknown parameter {name}: this program has none"
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"unknown parameter {name}: {hint}It has {', '.join(known)}".replace(": It", ": it")


def _read(text: str, kind: ParameterType) -> Any:
    """What a text means for a type; text that means nothing is left as it is, and refused by the caller."""
    stripped = text.strip()
    try:
        match kind:
            case ParameterType.STRING | ParameterType.CHOICE:
                return text
            case ParameterType.INT:
                return int(stripped)
            case ParameterType.FLOAT:
                return float(stripped)
            case ParameterType.NUMBER:
                return int(stripped) if stripped.lstrip("+-").isdigit() else float(stripped)
            case _:
                return yaml.safe_load(text)
    except (ValueError, yaml.YAMLError):
        return text


def _fits(value: Any, kind: ParameterType) -> bool:
    return kind not in _CLASSES or type(value) in _CLASSES[kind]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
