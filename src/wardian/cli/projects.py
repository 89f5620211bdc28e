"""Projects and who may do what in them."""

from typing import Annotated, Literal

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, HERE, InProject, Place
from wardian.cli.output import Column, ago, as_json, details, listing, note, plain, say
from wardian.sdk.sign_in import SignIn

COLUMNS = [
    Column("name"),
    Column("role"),
    Column("description"),
    Column("created", "created_at", ago),
]


def create(name: str, /, *, description: str = "", place: Place = HERE) -> None:
    """Make a project; you are its owner.

    Parameters
    ----------
    name
        Lower-case letters, digits, `.`, `_` and `-`.
    """
    with place.client() as client:
        project = client.projects.create(name, description)
    if place.json:
        as_json(project)
    else:
        say(f"project {project['name']} made; `wardian use project {project['name']}` chooses it")


def use(name: str, /, *, place: Place = HERE) -> None:
    """Choose the project for the commands that follow."""
    with place.client() as client:
        project = client.projects.get(name)
    SignIn(place.folder).write(project=project["name"])
    if place.json:
        as_json(project)
    else:
        say(f"project {project['name']} from now on")


def list_projects(*, limit: int = 100, place: Place = HERE) -> None:
    """Projects that you may see."""
    with place.client() as client:
        projects = client.projects.list(limit=limit)
        listing(projects, COLUMNS, as_json_=place.json, empty="No project yet. Next: wardian create project NAME")


def show(name: str | None = None, /, *, place: InProject = CHOSEN) -> None:
    """One project; the chosen one when none is named."""
    with place.client() as client:
        project = client.projects.get(name or place.project_name)
        if place.json:
            as_json(project)
            return
        members = [f"{each['name']} ({each['role']})" for each in client.members.list(project["name"])]
    details(
        {
            "project": project["name"],
            "id": project["id"],
            "description": project.get("description") or "",
            "created": ago(project.get("created_at")),
            "members": ", ".join(members),
        }
    )


def delete(
    name: str, /, *, yes: Annotated[bool, Parameter(alias="-y", negative=())] = False, place: Place = HERE
) -> None:
    """Remove a project with every run, program, model and deployment in it.

    Parameters
    ----------
    yes
        Do it without asking.
    """
    with place.client() as client:
        project = client.projects.get(name)
        if not yes and not _agreed(project["name"]):
            note("nothing was deleted")
            return
        client.projects.delete(project["id"])
    if not place.json:
        say(f"project {project['name']} deleted")


def _agreed(name: str) -> bool:
    note(f"This deletes project {name} with everything in it. Type its name to go on:")
    try:
        return input().strip() == name
    except EOFError:
        return False


def list_members(*, place: InProject = CHOSEN) -> None:
    """Who may do what in the project."""
    columns = [Column("name"), Column("role"), Column("since", cell=ago)]
    with place.client() as client:
        listing(client.members.list(place.project_name), columns, as_json_=place.json, empty="No members.")


def create_member(
    user: str, /, *, role: Literal["guest", "member", "owner"] = "member", place: InProject = CHOSEN
) -> None:
    """Give a user a role in the project, or change it.

    Parameters
    ----------
    role
        A guest reads, a member also writes and runs, an owner also decides on members and deletion.
    """
    with place.client() as client:
        member = client.members.set(place.project_name, user, role)
    if place.json:
        as_json(member)
    else:
        say(f"{user} is {plain(member['role'])} of {place.project_name}")


def delete_member(user: str, /, *, place: InProject = CHOSEN) -> None:
    """Take away a user's role in the project."""
    with place.client() as client:
        client.members.remove(place.project_name, user)
    if not place.json:
        say(f"{user} has no role in {place.project_name} any more")
