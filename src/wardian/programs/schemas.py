"""Request bodies and filters of programs."""

from typing import Annotated, Any

from pydantic import Field

from wardian.kernel.models import Model
from wardian.kernel.names import Title
from wardian.workloads.models import ObjectHash


class NewProgramRun(Model):
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Only what differs from the defaults. Text is read as the parameter's type wants it: "30" can be an int."""
    name: Title | None = None
    experiment: Title | None = None
    """The program's name if none is given."""
    data_environment: Annotated[str, Field(max_length=64)] | None = None
    """Which addresses of the data are used (SAME_ENV)."""


class Origin(Model):
    """Where an uploaded folder came from, for the record."""

    file: Annotated[str | None, Field(max_length=1024)] = None
    """Which file of the folder describes the program."""
    url: Annotated[str | None, Field(max_length=2048)] = None
    ref: Annotated[str | None, Field(max_length=256)] = None
    commit: Annotated[str | None, Field(max_length=64)] = None
    changed: Annotated[str | None, Field(max_length=8)] = None
    """`true`: the folder had changes since the commit."""

    @property
    def source(self) -> dict[str, str]:
        return self.model_dump(exclude_none=True, exclude={"file"})


class ExportWish(Model):
    history: bool = False
    """Also its runs with parameters, metrics, logs and artifacts."""
    data: bool = False
    """Also the files behind data pointers that lie on this machine."""


class CacheEntry(Model):
    """What a step left behind, offered to equal steps of later runs."""

    run: Annotated[str, Field(max_length=32)]
    step: Annotated[str, Field(max_length=128)]
    valid_s: Annotated[float, Field(gt=0, le=100 * 365 * 86400, allow_inf_nan=False)]
    objects: Annotated[list[ObjectHash], Field(max_length=20_000)] = Field(default_factory=list[str])
    """Every object that `content` names."""
    content: dict[str, Any]


class CachedStep(Model):
    run: str
    step: str
    content: dict[str, Any]


class StoredObject(Model):
    hash: str
    size: int
