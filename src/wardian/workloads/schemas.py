"""Request bodies and filters of workloads."""

from typing import Annotated, Literal

from pydantic import Field

from wardian.kernel.models import Model
from wardian.kernel.names import Title
from wardian.kernel.paging import PageQuery
from wardian.workloads.models import Spec, Status


class NewWorkload(Model):
    name: Title
    kind: Literal["job", "service"] = "job"
    spec: Spec


class WorkloadQuery(PageQuery):
    status: Annotated[list[Status], Field(max_length=len(Status))] = Field(default_factory=list[Status])
    """Any of these; empty means all."""
    kind: Literal["job", "service"] | None = None
    text: Annotated[str, Field(max_length=128)] = ""
    """Found anywhere in the name."""


class QueueQuery(WorkloadQuery):
    project: Annotated[str, Field(max_length=64)] | None = None
    """Id or name; none means all that the caller may read."""


class LogQuery(Model):
    start: Annotated[int, Field(ge=-(1 << 40), le=1 << 50)] = 0
    """First byte; negative counts from the end."""
    limit: Annotated[int, Field(ge=1, le=4 << 20)] = 1 << 20
