"""A database with a project and a run, without a server."""

from pathlib import Path

from wardian.identity.models import SYSTEM, Actor
from wardian.projects import service as projects
from wardian.projects.schemas import NewProject
from wardian.server import wiring
from wardian.storage import migrations
from wardian.storage.sql import Database
from wardian.tracking import service
from wardian.tracking.schemas import NewRun

assert wiring.ROUTERS  # every feature's tables are known


def project_with_run(folder: Path) -> tuple[Database, Actor, str, str]:
    """The database, whoever may do all, the project's and the run's id."""
    db = Database(f"sqlite:///{folder / 'wardian.db'}")
    migrations.migrate(db)
    project = db.write_now(projects.create, SYSTEM, NewProject(name="bench")).id
    return db, SYSTEM, project, db.write_now(service.create, SYSTEM, project, NewRun(name="bench")).id
