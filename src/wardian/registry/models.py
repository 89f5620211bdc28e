"""What a registered model, its versions and its manifest are."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from wardian.kernel.errors import Invalid
from wardian.kernel.models import Model
from wardian.workloads.models import Environment

MANIFEST = "model.json"
"""The file that makes a folder of artifacts a model."""
INHERIT = "inherit"

Dimension = Annotated[int, Field(ge=-1)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00]*$")]


class Tensor(Model):
    """One tensor a model takes or gives; -1 in `shape` is a dimension that may vary, the batch among them."""

    name: ShortText
    datatype: Annotated[str, StringConstraints(pattern=r"^(BOOL|U?INT(8|16|32|64)|FP(16|32|64)|BF16|BYTES)$")]
    shape: list[Dimension]


class Signature(Model):
    inputs: list[Tensor] = Field(default_factory=list[Tensor])
    outputs: list[Tensor] = Field(default_factory=list[Tensor])


class Manifest(BaseModel):
    """`model.json` as the registry reads it; the flavour may put more into it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    flavour: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    file: ShortText
    signature: Signature = Signature()
    environment: Annotated[str, StringConstraints(max_length=4_000_000, pattern=r"^[^\x00]*$")] = INHERIT
    """`inherit`, or a lock: requirements with hashes."""
    python: Annotated[str, StringConstraints(pattern=r"^3\.\d{1,2}(\.\d{1,2})?$")] | None = None
    """The Python version the lock is for."""
    example: dict[str, Any] | None = None
    """An inference request that the model can answer."""

    @classmethod
    def parse(cls, data: bytes, where: str) -> "Manifest":
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "the file"
            raise Invalid(f"{where} is not a model manifest: {field}: {first['msg']}", path=where) from error


class RegisteredModel(Model):
    id: str
    project: str
    name: str
    description: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    versions: int = 0
    """How many there are."""
    latest: str | None = None
    """The version registered last."""
    aliases: dict[str, str] = Field(default_factory=dict)
    """Alias → version."""
    created_by: str
    created_at: datetime


class ModelVersion(Model):
    """Never changes, but for its notes and the aliases that point at it."""

    id: str
    project: str
    model: str
    version: str
    run: str
    """Id of the run that put it out; the run itself may be deleted later."""
    path: str
    """Where the model lay among the run's artifacts."""
    flavour: str
    signature: Signature
    example: dict[str, Any] | None = None
    environment: str
    """`inherit` or `locked`."""
    metrics: dict[str, float | None] = Field(default_factory=dict)
    """The last value of each metric of the run when it was registered; null is not a number."""
    size: int
    """Bytes of all its files."""
    notes: str = ""
    aliases: list[str] = Field(default_factory=list)
    created_by: str
    created_at: datetime


class ModelFile(Model):
    hash: str
    size: int


class Candidate(Model):
    """What a run put out, read and found to be a model: all that a version is made of."""

    run: str
    path: str
    files: dict[str, ModelFile]
    """By path below the model's folder."""
    manifest: Manifest
    environment: Environment
    metrics: dict[str, float | None]


class Servable(Model):
    """All that a model server needs to know of a version."""

    version: ModelVersion
    files: dict[str, str]
    """Path below the model's folder → hash."""
    environment: Environment
