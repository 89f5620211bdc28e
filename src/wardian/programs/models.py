"""Programs, their versions, and what a verification found."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from wardian.kernel.models import Model
from wardian.programs.manifest import Manifest


class VersionSummary(Model):
    version: str
    hash: str
    """Names the content, whatever archive it came in."""
    created_by: str
    created_at: datetime


class Program(Model):
    id: str
    project: str
    name: str
    description: str
    """Of the latest version."""
    latest: str
    """The version that was created last."""
    versions: list[VersionSummary]
    """Newest first."""
    created_by: str
    created_at: datetime


class StepInfo(Model):
    """A step as it will run; a notebook's tagged cells are steps of their own."""

    name: str
    kind: Literal["command", "notebook"]
    cache_s: float
    environment: str


class AttachedData(Model):
    """Files behind a data pointer that came with an import; runs find them in their own folder."""

    is_folder: bool
    files: dict[str, str]
    """Path → object."""


class Version(Model):
    """One version of a program. It never changes."""

    id: str
    project: str
    program: str
    version: str
    hash: str
    code: str
    """Object that holds the folder as .tar.gz."""
    size: int
    """Bytes of that archive."""
    files: int
    manifest: Manifest
    steps: list[StepInfo]
    lock: str | None
    """Requirements with exact versions and hashes; None where the platform's own interpreter is used."""
    warnings: list[str]
    source: dict[str, str]
    """Where it came from: url, ref, commit."""
    described_by: str
    """The file of the folder that describes it."""
    data: dict[str, AttachedData] = Field(default_factory=dict)
    """By data pointer."""
    created_by: str
    created_at: datetime


class Miss(Model):
    """One thing that a program wants and that is not here."""

    kind: Literal["environment", "import", "cpu", "memory", "gpu", "data"]
    name: str
    reason: str


class Report(Model):
    """Whether a program can run here."""

    program: str
    version: str
    can_run: bool
    misses: list[Miss]
    checked: dict[str, int]
    """How many of each kind were looked at."""
    seconds: float


class Imported(Model):
    """What an import brought."""

    program: str
    version: str
    created: bool
    """False where that version was here already."""
    runs: int
    """Runs of its history that were added."""
    runs_skipped: int = 0
    """Runs that were here already."""
    data_files: int = 0
