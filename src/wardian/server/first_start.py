"""The first start: an admin, a project to begin in, and a command line that is signed in."""

from dataclasses import dataclass
from pathlib import Path

from wardian.identity import doors
from wardian.identity import service as identity
from wardian.identity.models import Actor, User
from wardian.identity.schemas import NewKey
from wardian.identity.secrets import hash_password, new_password
from wardian.kernel.errors import NotSignedIn
from wardian.kernel.settings import Settings
from wardian.projects import service as projects
from wardian.projects.schemas import NewProject
from wardian.sdk.sign_in import SignIn
from wardian.storage.sql import Database, Tx

PROJECT = "default"
KEY_NAME = "command line of this machine"


@dataclass(frozen=True)
class Welcome:
    """What the start screen tells about signing in."""

    admin: str | None = None
    """The admin that was made just now; None on every later start."""
    password: str | None = None
    """Set only when it was generated; it is kept nowhere."""
    elsewhere: str | None = None
    """The other platform that the command line of this home is signed in at."""


def welcome(database: Database, settings: Settings) -> Welcome:
    """Make the admin when nobody is here yet, and sign the local command line in."""
    admin, password = None, None
    if database.read_now(identity.is_empty):
        password = settings.admin_password or new_password()
        user = database.write_now(_populate, settings.admin_name, hash_password(password))
        admin = user.name if user else None
    elsewhere = sign_in(database, settings.home, settings.public_url)
    return Welcome(admin, password if admin and not settings.admin_password else None, elsewhere)


def sign_in(database: Database, home: Path, url: str) -> str | None:
    """Give the command line of this home a key of the admin's. Signed in somewhere else, it stays so: says where."""
    kept = SignIn(home)
    before = kept.read()
    if before.get("url") and not before.get("local"):
        return before["url"] if before["url"] != url else None
    if before.get("local") and _works(database, before["access_key"], before["secret_key"]):
        kept.write(url=url)
        return None
    access, secret = database.write_now(_mint)
    kept.write(url=url, access_key=access, secret_key=secret, local="yes", project=before.get("project") or PROJECT)
    return None


def _populate(tx: Tx, name: str, password_hash: str) -> User | None:
    user = identity.ensure_admin(tx, name, password_hash)
    if user is not None:
        projects.create(tx, _as_actor(user), NewProject(name=PROJECT, description="Made at the first start"))
    return user


def _mint(tx: Tx) -> tuple[str, str]:
    secret = identity.create_key(tx, _as_actor(identity.first_admin(tx)), NewKey(name=KEY_NAME))
    return secret.access, secret.secret


def _works(database: Database, access: str, secret: str) -> bool:
    try:
        database.read_now(doors.authenticate, doors.Credentials(access=access, secret=secret), writes=False)
    except NotSignedIn:
        return False
    return True


def _as_actor(user: User) -> Actor:
    return Actor(id=user.id, name=user.name, admin=user.admin)
