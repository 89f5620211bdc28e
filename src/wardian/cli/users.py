"""Users of the platform and their access keys."""

import getpass
import sys

from wardian.cli.context import HERE, Place
from wardian.cli.output import Column, ago, as_json, listing, note, say
from wardian.kernel.errors import Invalid

USERS = [
    Column("name"),
    Column("admin"),
    Column("disabled"),
    Column("created", "created_at", ago),
]
KEYS = [
    Column("name"),
    Column("access key", "access"),
    Column("created", "created_at", ago),
    Column("used", "last_used_at", ago),
    Column("of", "user_name"),
]


def create_user(name: str, /, *, admin: bool = False, password_stdin: bool = False, place: Place = HERE) -> None:
    """Make a user. The password is asked for, or read from standard input.

    Parameters
    ----------
    admin
        May do everything on the whole platform.
    password_stdin
        Read the password from standard input.
    """
    password = read_password(f"Password of the new user {name}: ", stdin=password_stdin)
    with place.client() as client:
        user = client.users.create(name, password, admin=admin)
    if place.json:
        as_json(user)
    else:
        say(f"user {user['name']} made; give a role with `wardian create member {user['name']} -p PROJECT`")


def read_password(prompt: str, *, stdin: bool) -> str:
    """A password typed unseen, or the first line of standard input; never taken from the command line."""
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Invalid("nobody can type a password here; add --password-stdin and write it to standard input")
    return getpass.getpass(prompt)


def list_users(*, limit: int = 100, place: Place = HERE) -> None:
    """Users of the platform."""
    with place.client() as client:
        listing(client.users.list(limit=limit), USERS, as_json_=place.json, empty="No users.")


def delete_user(name: str, /, *, place: Place = HERE) -> None:
    """Remove a user with all keys and roles."""
    with place.client() as client:
        client.users.delete(name)
    if not place.json:
        say(f"user {name} deleted")


def create_key(name: str, /, *, place: Place = HERE) -> None:
    """Make an access key for yourself. It serves as ClearML, S3 and bearer credential alike.

    Parameters
    ----------
    name
        What it is for: `laptop`, `nightly training`.
    """
    with place.client() as client:
        key = client.keys.create(name)
    if place.json:
        as_json(key)
        return
    say(f"access key  {key['access']}")
    say(f"secret key  {key['secret']}")
    note("The secret is shown this once. `wardian env` prints the variables that use it.")


def list_keys(*, place: Place = HERE) -> None:
    """Your access keys, without their secrets."""
    with place.client() as client:
        listing(client.keys.list(), KEYS, as_json_=place.json, empty="No keys. Next: wardian create key NAME")


def delete_key(key: str, /, *, place: Place = HERE) -> None:
    """End a key by its access key or id; what uses it is refused at once."""
    with place.client() as client:
        client.keys.delete(key)
    if not place.json:
        say(f"key {key} deleted")
