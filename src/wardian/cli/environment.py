"""`wardian env`: the variables that make every client work here."""

import shlex
from typing import Literal

from wardian.cli.context import CHOSEN, InProject
from wardian.cli.output import as_json, say
from wardian.sdk.connection import Connection

Served = Literal["native", "mlflow", "clearml", "s3", "determined"]
OPEN: frozenset[Served] = frozenset({"native"})
"""The doors that this version serves; variables of the others are printed as comments, so that nobody is misled."""
_TITLES: dict[Served, str] = {
    "native": "Wardian's own SDK and command line",
    "mlflow": "MLflow",
    "clearml": "ClearML and TRAINS",
    "s3": "every S3 client",
    "determined": "Determined",
}


def env(*, place: InProject = CHOSEN) -> None:
    """Print the variables for every client: `eval "$(wardian env)"`.

    Variables of clients that this version does not serve yet are comments; with --json they are under `later`.
    """
    groups = variables(place.connection(), place.project_name)
    if place.json:
        now = {name: value for door, group in groups.items() if door in OPEN for name, value in group.items()}
        later = {door: group for door, group in groups.items() if door not in OPEN}
        as_json({"variables": now, "later": later})
        return
    for door, group in groups.items():
        served = door in OPEN
        say(f"# {_TITLES[door]}{'' if served else ': not served by this version yet'}")
        for name, value in group.items():
            say(f"{'' if served else '# '}export {name}={shlex.quote(value)}")


def variables(at: Connection, project: str) -> dict[Served, dict[str, str]]:
    """By client. Every foreign door is also a path of the one main port."""
    return {
        "native": {
            "WARDIAN_URL": at.url,
            "WARDIAN_ACCESS_KEY": at.access_key,
            "WARDIAN_SECRET_KEY": at.secret_key,
            "WARDIAN_PROJECT": project,
        },
        "mlflow": {
            "MLFLOW_TRACKING_URI": at.url,
            "MLFLOW_TRACKING_USERNAME": at.access_key,
            "MLFLOW_TRACKING_PASSWORD": at.secret_key,
        },
        "clearml": {
            "CLEARML_WEB_HOST": at.url,
            "CLEARML_API_HOST": f"{at.url}/clearml",
            "CLEARML_FILES_HOST": f"{at.url}/files",
            "CLEARML_API_ACCESS_KEY": at.access_key,
            "CLEARML_API_SECRET_KEY": at.secret_key,
        },
        "s3": {
            "AWS_ENDPOINT_URL": f"{at.url}/s3",
            "AWS_ACCESS_KEY_ID": at.access_key,
            "AWS_SECRET_ACCESS_KEY": at.secret_key,
            "AWS_REGION": "us-east-1",
        },
        "determined": {"DET_MASTER": f"{at.url}/determined", "DET_USER": at.access_key, "DET_PASS": at.secret_key},
    }
