"""What things may be called."""

from typing import Annotated

from pydantic import StringConstraints

_SLUG = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._ /:+=@()-]{0,127}$"
TITLE = r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]{0,126}[^\x00-\x20\x7f])?$"
_VERSION = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$"

Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
"""Addresses: projects, programs, models, deployments."""

Name = Annotated[str, StringConstraints(pattern=_NAME)]
"""What people read and must not confuse: users, keys."""

Title = Annotated[str, StringConstraints(pattern=TITLE)]
"""What people call their runs and experiments: one line in any script, with no space at its ends."""

VersionName = Annotated[str, StringConstraints(pattern=_VERSION)]
"""`3`, `v1.2.0`, `2026-11-21`."""

Text = Annotated[str, StringConstraints(max_length=65_536, pattern=r"^[^\x00]*$")]
"""Prose: descriptions and notes. PostgreSQL cannot hold a NUL, so no database does."""

RULES = {
    _SLUG: "lower-case letters, digits, `.`, `_` and `-`, beginning with a letter or digit, at most 64",
    _NAME: "letters, digits, spaces and `._/:+=@()-`, beginning with a letter or digit, at most 128",
    TITLE: "one line of at most 128 characters, with no space at its ends",
    _VERSION: "letters, digits, `.`, `_`, `+` and `-`, beginning with a letter or digit, at most 64",
}
"""What each pattern asks for, in words."""
