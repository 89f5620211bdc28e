"""Every error a caller may meet.

WardianError           500  internal
├── Invalid            422  invalid          the request makes no sense
├── NotSignedIn        401  not_signed_in
├── Forbidden          403  forbidden
├── NotFound           404  not_found        also what is hidden from the caller
├── Conflict           409  conflict         right request, wrong moment
├── TooLarge           413  too_large
├── TooMuch            429  too_much
└── Unavailable        503  unavailable      a thing we depend on is away; retry
"""


class WardianError(Exception):
    """Carries a status, a stable code, words that say what to do, and details for programs."""

    status: int = 500
    code: str = "internal"

    def __init__(self, message: str, **detail: object) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


class Invalid(WardianError):
    status, code = 422, "invalid"


class NotSignedIn(WardianError):
    status, code = 401, "not_signed_in"


class Forbidden(WardianError):
    status, code = 403, "forbidden"


class NotFound(WardianError):
    """A thing that does not exist, or that the caller must not know of."""

    status, code = 404, "not_found"

    def __init__(self, kind: str, ref: str) -> None:
        super().__init__(f"no {kind} {ref!r}, or you may not see it", kind=kind, ref=ref)


class Conflict(WardianError):
    status, code = 409, "conflict"


class TooLarge(WardianError):
    status, code = 413, "too_large"


class TooMuch(WardianError):
    status, code = 429, "too_much"


class Unavailable(WardianError):
    status, code = 503, "unavailable"


BY_CODE: dict[str, type[WardianError]] = {
    kind.code: kind
    for kind in (Invalid, NotSignedIn, Forbidden, Conflict, TooLarge, TooMuch, Unavailable, WardianError)
}
"""From the code on the wire back to the class; `NotFound` is made by its own rule in `from_wire`."""


def from_wire(code: str, message: str, detail: dict[str, object]) -> WardianError:
    """The error that a server's answer describes, for clients."""
    if code == NotFound.code:
        error = NotFound(str(detail.get("kind", "thing")), str(detail.get("ref", "")))
        error.message, error.args = message, (message,)
        return error
    return BY_CODE.get(code, WardianError)(message, **detail)
