"""schemathesis over our own OpenAPI document: whatever is sent, the server never fails of itself."""

import contextlib

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from tests.platform import Platform
from tests.server.seeds import seeded

ENDLESS = "/api/v1/stream"
EXAMPLES = 6


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_input_makes_the_server_fail(server: Platform) -> None:
    seeds = seeded(server)
    headers = {"Authorization": f"Bearer {server.admin.token}"}
    document = schemathesis.openapi.from_url(f"{server.url}/api/v1/openapi.json")
    failures: dict[str, str] = {}
    for found in document.get_all_operations():
        operation = found.ok()
        if operation.path == ENDLESS:
            continue
        for mode in GenerationMode:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def attack(case: schemathesis.Case) -> None:
                if case.method != "DELETE":  # later routes need what is there
                    case.path_parameters = {**(case.path_parameters or {}), **_some(seeds, case.path_parameters)}
                answer = case.call(headers=headers, timeout=30)
                if answer.status_code >= 500:
                    failures[f"{case.method} {case.formatted_path}"] = (
                        f"{answer.status_code} {answer.text[:200]} {case.body!r}"
                    )

            with contextlib.suppress(Unsatisfiable):  # a route without parameters cannot be called wrongly
                attack()
    assert failures == {}


def _some(seeds: dict[str, str], parameters: dict[str, object] | None) -> dict[str, str]:
    """Real things for those parameters, half of the time, so that the routes behind them are reached."""
    named = {name: value for name, value in seeds.items() if name in (parameters or {})}
    return named if sum(map(len, map(str, (parameters or {}).values()))) % 2 else {}
