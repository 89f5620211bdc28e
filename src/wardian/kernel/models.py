"""The base of every noun."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen noun that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)
