"""What a project is."""

from datetime import datetime

from wardian.identity.models import Role
from wardian.kernel.models import Model


class Project(Model):
    id: str
    name: str
    """Unique on the platform; part of addresses."""
    description: str = ""
    created_at: datetime
    role: Role | None = None
    """What the caller is here; None for an admin who is no member."""
