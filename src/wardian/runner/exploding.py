"""A variable that could not be handed on. It says why as soon as it is touched, in whatever way."""

from typing import Any, NoReturn


class NotHandedOn(RuntimeError):
    """A later step used a variable that an earlier one could not hand on."""


def reason_of(value: object) -> str | None:
    """Why a value explodes, or None if it is an ordinary one. The only touch that does no harm."""
    return object.__getattribute__(value, "_reason") if type(value) is Exploding else None


def _explode(self: object, *_: Any, **__: Any) -> NoReturn:
    raise NotHandedOn(object.__getattribute__(self, "_reason"))


class Exploding:
    """Stands where the variable stood."""

    def __init__(self, reason: str) -> None:
        object.__setattr__(self, "_reason", reason)


_UNARY = "neg pos abs invert complex int float index round trunc floor ceil bool len length_hint hash"
_BINARY = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or"
_OTHER = (
    "getattribute setattr delattr dir call getitem setitem delitem contains iter next reversed missing "
    "eq ne lt le gt ge repr str bytes format fspath enter exit aenter aexit await aiter anext "
    "get set delete instancecheck subclasscheck copy deepcopy reduce reduce_ex getstate sizeof buffer array"
)
_IN_PLACE_AND_REFLECTED = [f"{side}{name}" for side in "ri" for name in _BINARY.split()]
for _name in (*_UNARY.split(), *_BINARY.split(), *_IN_PLACE_AND_REFLECTED, *_OTHER.split()):
    setattr(Exploding, f"__{_name}__", _explode)
