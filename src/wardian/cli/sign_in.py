"""`wardian login`."""

from typing import Annotated

import httpx2
from cyclopts import Parameter

from wardian.cli.context import DEFAULT_PROJECT, HERE, Place
from wardian.cli.output import as_json, say
from wardian.cli.users import read_password
from wardian.kernel.errors import Invalid, NotSignedIn, Unavailable
from wardian.sdk.client import Client
from wardian.sdk.sign_in import SignIn

TIMEOUT_S = 20


def login(
    url: str,
    /,
    *,
    name: Annotated[str | None, Parameter(alias="-n")] = None,
    key: str | None = None,
    stdin: Annotated[bool, Parameter(name="--password-stdin", negative=())] = False,
    place: Place = HERE,
) -> None:
    """Sign in at a platform and remember it. A password is exchanged for a key; the password itself is not kept.

    Parameters
    ----------
    url
        Address of the platform, such as `https://ml.example.org`.
    name
        User name; the password is asked for.
    key
        Access key instead of a name; the secret is asked for.
    stdin
        Read the password or the secret from standard input.
    """
    address = _checked(url)
    if key:
        access, secret = key, read_password(f"Secret of {key}: ", stdin=stdin)
    else:
        who = name or input("Name: ")
        access, secret = _exchanged(address, who, read_password(f"Password of {who}: ", stdin=stdin))
    with Client(address, access, secret) as client:
        me = client.session.get()
        projects = [project["name"] for project in client.projects.list(limit=100)]
    chosen = DEFAULT_PROJECT if DEFAULT_PROJECT in projects or not projects else projects[0]
    SignIn(place.folder).write(url=address, access_key=access, secret_key=secret, local=None, project=chosen)
    if place.json:
        as_json({"url": address, "user": me["user"], "project": chosen})
    else:
        say(f"signed in at {address} as {me['user']['name']}, project {chosen}")


def _checked(url: str) -> str:
    address = httpx2.URL(url if "://" in url else f"http://{url}")
    if address.scheme not in {"http", "https"} or not address.host:
        raise Invalid(f"{url!r} is no address of a platform; write one such as https://ml.example.org")
    return str(address).rstrip("/")


def _exchanged(url: str, name: str, password: str) -> tuple[str, str]:
    """A fresh key for a name and password, by way of a session that ends at once."""
    try:
        with httpx2.Client(base_url=url, timeout=TIMEOUT_S) as http:
            session = _answer(http.post("/api/v1/session", json={"name": name, "password": password}))
            csrf = {"X-CSRF-Token": session["csrf"]}
            made = _answer(http.post("/api/v1/keys", json={"name": "command line"}, headers=csrf))
            http.delete("/api/v1/session", headers=csrf)
    except httpx2.TransportError as error:
        raise Unavailable(
            f"nothing answers at {url} ({error}); check the address, or start a platform with `wardian up`"
        ) from error
    return made["access"], made["secret"]


def _answer(answer: httpx2.Response) -> dict[str, str]:
    try:
        document = answer.json()
    except ValueError:
        raise Unavailable(
            f"{answer.url} is no Wardian platform (status {answer.status_code}); check the address"
        ) from None
    if answer.is_error:
        raise NotSignedIn(document.get("error", {}).get("message", f"status {answer.status_code}"))
    return document
