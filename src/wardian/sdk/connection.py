"""Where the server is and who is calling: the one place of the SDK that reads the process's variables.

Standard library only: the logging path runs in whatever environment the user trains in.
"""

import json
import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from wardian.kernel.errors import Invalid, NotSignedIn

from .sign_in import SignIn


@dataclass(frozen=True, slots=True)
class Connection:
    """A server's address with one key for it."""

    url: str
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def authorization(self) -> str:
        """The value of the `Authorization` header (HTTP Basic)."""
        return "Basic " + b64encode(f"{self.access_key}:{self.secret_key}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the variables of this process say."""

    home: Path
    url: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    project: str | None = None
    run: str | None = None
    """Set inside a workload of a Wardian run: `init` attaches to that run."""
    workload: str | None = None
    parameters: str = "{}"
    is_offline: bool = False
    is_quiet: bool = False

    @property
    def chosen_project(self) -> str | None:
        """`WARDIAN_PROJECT`, else the project that the command line works in."""
        return self.project or self._signed_in().get("project")

    def connection(self) -> Connection:
        """The variables if they are set, else the sign-in that the command line keeps in `cli.json`."""
        if self.url and self.access_key and self.secret_key:
            return Connection(self.url.rstrip("/"), self.access_key, self.secret_key)
        kept = self._signed_in()
        url, access, secret = (
            self.url or kept.get("url"),
            kept.get("access_key"),
            kept.get("secret_key"),
        )
        if not (url and access and secret):
            raise NotSignedIn(
                "no Wardian server is known here: start one with `wardian up`, sign in with `wardian login URL`, "
                "or set WARDIAN_URL, WARDIAN_ACCESS_KEY and WARDIAN_SECRET_KEY"
            )
        if self.url and self.url.rstrip("/") != str(kept.get("url", "")).rstrip("/"):
            raise NotSignedIn(
                f"WARDIAN_URL is {self.url}, but the sign-in of this home is for {kept.get('url')}: "
                f"run `wardian login {self.url}`, or set WARDIAN_ACCESS_KEY and WARDIAN_SECRET_KEY too"
            )
        return Connection(url.rstrip("/"), access, secret)

    def _signed_in(self) -> dict[str, Any]:
        sign_in = SignIn(self.home)
        try:
            return sign_in.read()
        except OSError as error:
            raise NotSignedIn(f"{sign_in.file} cannot be read ({error}): run `wardian login` again") from error


def surroundings(environ: Mapping[str, str] = os.environ) -> Surroundings:
    """Read the `WARDIAN_…` variables."""
    return Surroundings(
        home=Path(environ.get("WARDIAN_HOME") or "~/.wardian").expanduser(),
        url=environ.get("WARDIAN_URL"),
        access_key=environ.get("WARDIAN_ACCESS_KEY"),
        secret_key=environ.get("WARDIAN_SECRET_KEY"),
        project=environ.get("WARDIAN_PROJECT"),
        run=environ.get("WARDIAN_RUN"),
        workload=environ.get("WARDIAN_WORKLOAD"),
        parameters=environ.get("WARDIAN_PARAMETERS") or "{}",
        is_offline=_is_set(environ.get("WARDIAN_OFFLINE")),
        is_quiet=_is_set(environ.get("WARDIAN_QUIET")),
    )


def parameters() -> dict[str, Any]:
    """The parameters that this program was started with; empty outside a Wardian workload."""
    try:
        given = json.loads(surroundings().parameters)
    except ValueError as error:
        raise Invalid(f"WARDIAN_PARAMETERS is not JSON ({error}): it must be a map of names to values") from error
    if not isinstance(given, dict):
        raise Invalid("WARDIAN_PARAMETERS must be a JSON map of names to values")
    return cast("dict[str, Any]", given)


def _is_set(value: str | None) -> bool:
    return (value or "").lower() in {"1", "true", "yes", "on"}
