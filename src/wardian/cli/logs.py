"""What a run or a workload has written."""

import sys
from typing import Annotated

from cyclopts import Parameter

from wardian.cli.context import CHOSEN, InProject
from wardian.kernel.errors import NotFound
from wardian.sdk.client import Client


def logs(
    run_or_workload: str,
    /,
    *,
    follow: Annotated[bool, Parameter(alias="-f", negative=())] = False,
    place: InProject = CHOSEN,
) -> None:
    """The output of a run or workload.

    Parameters
    ----------
    follow
        Stay and print what comes, until it has ended.
    """
    with place.client() as client:
        try:
            client.runs.get(place.project_name, run_or_workload)
            source = client.runs
        except NotFound:
            source = client.workloads
            _need_workload(client, place.project_name, run_or_workload)
        for text in source.log(place.project_name, run_or_workload, follow=follow):
            sys.stdout.write(text)
            sys.stdout.flush()


def _need_workload(client: Client, project: str, name: str) -> None:
    try:
        client.workloads.get(project, name)
    except NotFound:
        raise NotFound("run or workload", name) from None
