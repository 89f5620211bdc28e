"""What the exit status says."""

from wardian.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    TooLarge,
    TooMuch,
    Unavailable,
    WardianError,
)

DONE = 0
FAILED = 1
"""The command did its work and the answer is no: a run failed, a program cannot run here, a check found a fault."""
USAGE = 2
NOT_FOUND = 3
NOT_ALLOWED = 4
CONFLICT = 5
INVALID = 6
UNAVAILABLE = 7
INTERRUPTED = 130

_OF: dict[type[WardianError], int] = {
    NotFound: NOT_FOUND,
    NotSignedIn: NOT_ALLOWED,
    Forbidden: NOT_ALLOWED,
    Conflict: CONFLICT,
    Invalid: INVALID,
    TooLarge: INVALID,
    TooMuch: UNAVAILABLE,
    Unavailable: UNAVAILABLE,
}


def of_error(error: WardianError) -> int:
    return _OF.get(type(error), FAILED)
