"""What things may be called."""

from typing import Annotated

from pydantic import StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""Addresses: projects, programs, models, deployments."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._ /:+=@()-]{0,127}$")]
"""What people read: runs, experiments, users, keys."""

VersionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$")]
"""`3`, `v1.2.0`, `2026-11-21`."""

Text = Annotated[str, StringConstraints(max_length=65_536, pattern=r"^[^\x00]*$")]
"""Prose: descriptions and notes. PostgreSQL cannot hold a NUL, so no database does."""
