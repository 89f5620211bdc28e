"""Request bodies of deployments."""

from typing import Annotated

from pydantic import Field, StringConstraints

from wardian.kernel.models import Model
from wardian.kernel.names import Slug
from wardian.workloads.models import Resources

ModelRef = Annotated[str, StringConstraints(min_length=1, max_length=130)]


class NewRevision(Model):
    model: ModelRef
    """`NAME[:VERSION|@ALIAS]`; a bare name means its newest version."""
    resources: Resources | None = None
    """Those of the revision before when not given; for the first: a quarter of a cpu."""


class NewDeployment(NewRevision):
    name: Slug | None = None
    """The model's when not given."""


class TrafficQuery(Model):
    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] = 60
