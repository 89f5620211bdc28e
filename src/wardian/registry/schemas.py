"""Request bodies of the registry."""

from typing import Annotated

from pydantic import Field, StringConstraints

from wardian.kernel.models import Model
from wardian.kernel.names import Slug, Text, VersionName

TagKey = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]
TagValue = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Tags = Annotated[dict[TagKey, TagValue], Field(max_length=100)]
AliasName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
ArtifactPath = Annotated[str, StringConstraints(max_length=900, pattern=r"^[^\x00]*$")]


class NewModel(Model):
    name: Slug
    description: Text = ""
    tags: Tags = Field(default_factory=dict)


class ModelChange(Model):
    description: Text | None = None
    tags: Tags | None = None
    """Replaces them all."""


class NewVersion(Model):
    """A version from what a run has under `path`; the folder there holds a `model.json`."""

    run: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    path: ArtifactPath
    version: VersionName | None = None
    """Counted (`1`, `2`, …) when not given."""
    notes: Text = ""


class VersionChange(Model):
    notes: Text


class AliasTarget(Model):
    version: VersionName
