"""Request bodies of projects."""

from wardian.kernel.models import Model
from wardian.kernel.names import Slug, Text


class NewProject(Model):
    name: Slug
    description: Text = ""


class ProjectChange(Model):
    name: Slug | None = None
    description: Text | None = None
