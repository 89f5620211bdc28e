"""What the databases' own errors mean to a caller."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import exc

from wardian.kernel.errors import Conflict, Invalid, Unavailable

_RETRIED = {"40001", "40P01"}  # serialization failure, deadlock: `Database` tries again
_BUSY = "database is locked"
_FULL = ("database or disk is full", "disk I/O error", "No space left on device", "readonly database")


@contextmanager
def translated() -> Generator[None]:
    """Turn driver errors into ours; what is a defect of ours stays as it is and ends as status 500."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Conflict(
            "this clashes with something that exists already or that another request just changed; look again and retry"
        ) from error
    except exc.DataError as error:
        raise Invalid("the database cannot hold such a value (a NUL character, or a number out of range)") from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise Invalid(f"a value cannot be stored: {error}") from error
    except exc.OperationalError as error:
        text = str(error.orig)
        if getattr(error.orig, "sqlstate", None) in _RETRIED:
            raise
        if _BUSY in text:
            raise Unavailable("the database is busy; retry in a moment") from error
        if any(sign in text for sign in _FULL):
            raise Unavailable(
                f"the database cannot be written ({text}); free space on its disk, nothing was changed"
            ) from error
        if error.connection_invalidated or "connect" in text:
            raise Unavailable("the database cannot be reached; retry in a moment") from error
        raise
