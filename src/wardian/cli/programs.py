"""Programs: upload, check, run, and carry from platform to platform."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, InProject
from wardian.cli.exits import DONE, FAILED
from wardian.cli.follow import follow as watch
from wardian.cli.output import (
    Column,
    ago,
    as_json,
    details,
    listing,
    note,
    plain,
    say,
    say_table,
    section,
    size,
    transfer,
    waiting,
)
from wardian.kernel.errors import Invalid
from wardian.kernel.refs import VersionRef
from wardian.programs.packing import packed
from wardian.sdk.client import Client
from wardian.sdk.documents import Document

COLUMNS = [
    Column("name"),
    Column("newest", "latest"),
    Column("description"),
    Column("created", "created_at", ago),
]
VERSIONS = [
    Column("version"),
    Column("by", "created_by"),
    Column("created", "created_at", ago),
]
PARAMETERS = [
    Column("parameter", "name"),
    Column("type"),
    Column("default"),
    Column("at least", "minimum"),
    Column("at most", "maximum"),
    Column("one of", "choices"),
    Column("help"),
]


def create(*, source: Annotated[str, Parameter(name="--file", alias="-f")], place: InProject = CHOSEN) -> None:
    """Upload a program. The same version with other content is refused.

    Parameters
    ----------
    source
        A folder, a file in one (`wardian.yaml`, `same.yaml`, a notebook), a `.tgz`, or `GIT-URL[@REF]`.
    """
    with (
        packed(source) as program,
        place.client() as client,
        transfer("sending", quiet=place.json) as progress,
    ):
        origin = program.source | ({"file": program.file} if program.file else {})
        made = client.programs.create(place.project_name, program.archive, origin=origin, progress=progress)
    if place.json:
        as_json(made)
    else:
        ref = f"{made['program']}:{made['version']}"
        for warning in made["warnings"]:
            note(f"note: {warning}")
        say(f"program {ref} created; `wardian verify program {ref}` checks it, `wardian run program {ref}` runs it")


def run(
    ref: str,
    /,
    *,
    follow: bool = True,
    detach: Annotated[bool, Parameter(alias="-d", negative=())] = False,
    name: Annotated[str | None, Parameter(alias="-n")] = None,
    experiment: str | None = None,
    given: Annotated[tuple[str, ...], Parameter(name="--set", alias="-s", negative=())] = (),
    place: InProject = CHOSEN,
    **parameters: str,
) -> int:
    """Run a program: `wardian run program digits --epochs=1000`. Only the parameters you name change.

    Ends with status 1 when the run does not succeed. Ctrl-C stops watching, not the run.

    Parameters
    ----------
    ref
        NAME[:VERSION]; the newest version when none is named.
    follow
        Stay and watch until it has ended.
    detach
        Return as soon as it is queued (as --no-follow).
    name
        Name of the run.
    experiment
        Group of runs it belongs to; else the program's name.
    given
        PARAMETER=VALUE, for parameters whose name is an option here.
    parameters
        Parameters of the program, by their own names.
    """
    values = dict(parameters) | dict(_assigned(each) for each in given)
    with place.client() as client:
        program, version = resolved(client, place.project_name, ref)
        more = {key: value for key, value in (("name", name), ("experiment", experiment)) if value}
        started = client.programs.run(place.project_name, program, version, values, **more)
        if not follow or detach:
            _say_started(client, place, started)
            return DONE
        if not place.json:
            note(f"run {started['id']} of {program}:{version}; {page_of(client, place, started)}")
        ended = _awaited(client, place, started["id"])
    if place.json:
        as_json(ended)
    elif ended["status"] != "succeeded":
        reason = ended.get("reason") or "its log says why"
        note(f"run {ended['id']} {ended['status']}: {reason}; next: wardian logs {ended['id']}")
    return DONE if ended["status"] == "succeeded" else FAILED


def _awaited(client: Client, place: InProject, run_id: str) -> Document:
    if place.json:
        for _ in client.runs.log(place.project_name, run_id, follow=True):
            pass
        return client.runs.get(place.project_name, run_id)
    return watch(client, place.project_name, run_id)


def _assigned(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Invalid(f"--set {text!r} is not PARAMETER=VALUE")
    return name, value


def _say_started(client: Client, place: InProject, run_: Document) -> None:
    if place.json:
        as_json(run_)
    else:
        say(
            f"run {run_['id']} is {run_['status']}; `wardian logs -f {run_['id']}` follows it; "
            f"{page_of(client, place, run_)}"
        )


def page_of(client: Client, place: InProject, run_: Document) -> str:
    return f"{client.url}/projects/{place.project_name}/runs/{run_['id']}"


def resolved(client: Client, project: str, ref: str) -> tuple[str, str]:
    """Name and version, the newest one where none is named."""
    program = VersionRef.parse(ref)
    if program.alias:
        raise Invalid(f"{ref!r}: programs have versions, not aliases; write NAME or NAME:VERSION")
    return program.name, program.version or client.programs.get(project, program.name)["latest"]


def verify(ref: str, /, *, place: InProject = CHOSEN) -> int:
    """Say whether a program can run here, before anything starts. Ends with status 1 when it cannot.

    Parameters
    ----------
    ref
        NAME[:VERSION]
    """
    with place.client() as client:
        program, version = resolved(client, place.project_name, ref)
        with waiting(f"verifying {program}:{version}: environment, imports, hardware, data", quiet=place.json):
            report = client.programs.verify(place.project_name, program, version)
    if place.json:
        as_json(report)
    else:
        _say_report(f"{program}:{version}", report)
    return DONE if report["can_run"] else FAILED


def _say_report(ref: str, report: Document) -> None:
    looked_at = ", ".join(f"{count} {kind}" for kind, count in report["checked"].items())
    for miss in report["misses"]:
        say(f"✗ {miss['kind']} {miss['name']}: {miss['reason']}")
    if report["can_run"]:
        say(f"✓ {ref} can run here (looked at {looked_at}, in {report['seconds']:.1f} s)")
    else:
        say(f"{ref} cannot run here, because of {len(report['misses'])} of the things it wants (looked at {looked_at})")


def export(
    *,
    ref: Annotated[str, Parameter(name="--name", alias="-n")],
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
    with_history: Annotated[bool, Parameter(negative=())] = False,
    with_data: Annotated[bool, Parameter(negative=())] = False,
    place: InProject = CHOSEN,
) -> None:
    """Write a program to one file that any Wardian takes in.

    Parameters
    ----------
    ref
        NAME[:VERSION]
    output
        The file; else NAME.VERSION.tgz here.
    with_history
        With its runs: parameters, curves, logs and artifacts.
    with_data
        With the data that it points at.
    """
    with place.client() as client:
        program, version = resolved(client, place.project_name, ref)
        target = output or Path(f"{program}.{version}.tgz")
        with transfer(f"writing {target}", quiet=place.json) as progress:
            client.programs.export(
                place.project_name, program, version, target, history=with_history, data=with_data, progress=progress
            )
    if place.json:
        as_json({"file": str(target), "size": target.stat().st_size, "program": program, "version": version})
    else:
        say(f"{program}:{version} written to {target} ({size(target.stat().st_size)})")


def import_program(file: Path, /, *, place: InProject = CHOSEN) -> None:
    """Take in a program from an export file. A damaged file is refused by the name of what is damaged."""
    if not file.is_file():
        raise Invalid(f"{file} is no file")
    with place.client() as client, transfer(f"sending {file.name}", quiet=place.json) as progress:
        made = client.programs.import_file(place.project_name, file, progress=progress)
    if place.json:
        as_json(made)
        return
    ref = f"{made['program']}:{made['version']}"
    came = "imported" if made["created"] else "was here already"
    there = f", {made['runs_skipped']} were here already" if made["runs_skipped"] else ""
    say(f"program {ref} {came} (runs added: {made['runs']}{there}); `wardian run program {ref}` runs it")


def list_programs(*, limit: int = 100, place: InProject = CHOSEN) -> None:
    """Programs of the project."""
    with place.client() as client:
        programs = client.programs.list(place.project_name, limit=limit)
        listing(programs, COLUMNS, as_json_=place.json, empty="No programs yet. Next: wardian create program -f FOLDER")


def show(ref: str, /, *, place: InProject = CHOSEN) -> None:
    """A program with its versions and parameters: NAME[:VERSION]."""
    with place.client() as client:
        name, version = resolved(client, place.project_name, ref)
        program = client.programs.get(place.project_name, name)
        one = client.programs.version(place.project_name, name, version)
        url = f"{client.url}/projects/{place.project_name}"
    if place.json:
        as_json(program | {"version": one})
        return
    details(
        {
            "program": f"{name}:{version}",
            "description": program["description"],
            "steps": " → ".join(step["name"] for step in one["steps"]),
            "files": f"{one['files']} in {size(one['size'])}",
            "environment": "locked" if one["lock"] else "the platform's own interpreter",
            "source": plain(one["source"] or ""),
            "created": ago(one["created_at"]),
            "page": f"{url}/programs/{name}",
        }
    )
    if parameters := section(one, "manifest.parameters"):
        say_table([{"name": key, **value} for key, value in parameters.items()], PARAMETERS, "\nParameters")
    say_table(program.get("versions") or [], VERSIONS, "\nVersions")


def delete(ref: str, /, *, place: InProject = CHOSEN) -> None:
    """Remove a program, or one version of it: NAME or NAME:VERSION. Its runs stay."""
    program = VersionRef.parse(ref)
    with place.client() as client:
        client.programs.delete(place.project_name, program.name, program.version)
    if not place.json:
        say(f"program {ref} deleted")
