"""What a program wants against what is here."""

from collections.abc import Sequence

from wardian.identity.models import Actor
from wardian.programs import service, store
from wardian.programs.manifest import Manifest, Resources
from wardian.programs.models import Miss
from wardian.runner.verify import Findings
from wardian.storage.sql import Tx
from wardian.workloads import models as w
from wardian.workloads import service as workloads
from wardian.workloads.schemas import NewWorkload

COMMAND = ["python", "-m", "wardian.runner.verify"]
DEADLINE_S = 1800


def begin(
    tx: Tx, actor: Actor, project: str, version: tuple[str, str], plan_object: str
) -> tuple[w.Workload, list[Miss]]:
    """Start the workload that tries imports and data; say at once which hardware is missing."""
    row = store.need_version(tx, project, *version)
    spec = service.spec_of(row, plan_object, variables={}, resources=w.Resources(cpu=0)).model_copy(
        update={"command": COMMAND, "deadline_s": DEADLINE_S}
    )
    workload = workloads.create(tx, actor, project, NewWorkload(name=f"verify {row.name} {row.version}", spec=spec))
    wanted = Manifest.model_validate(row.manifest).resources_of_run()
    return workload, missing_hardware(wanted, [one.capacity for one in workloads.list_executors(tx, actor)])


def missing_hardware(wanted: Resources, here: Sequence[w.Capacity]) -> list[Miss]:
    """What no machine here has; a program runs on one machine, so that one must have it all."""
    if any(not _lacks(wanted, one) for one in here):
        return []
    if not here:
        return [Miss(kind="cpu", name="executor", reason="nothing that runs workloads has reported here yet")]
    return _lacks(wanted, max(here, key=lambda one: (len(one.gpus), one.memory, one.cpu)))


def judge(workload: w.Workload, findings: Findings | None) -> tuple[list[Miss], dict[str, int]]:
    """What the workload found, or why it could not even look."""
    if findings is None:
        reason = workload.reason or f"the verification ended as {workload.status} before it could look"
        return [Miss(kind="environment", name="environment", reason=reason)], {"environment": 1}
    misses = [Miss.model_validate(vars(one)) for one in findings.misses]
    return misses, {"environment": 1, "imports": findings.imports, "data": findings.data, "hardware": 3}


def _lacks(wanted: Resources, here: w.Capacity) -> list[Miss]:
    misses: list[Miss] = []
    if wanted.cpu > here.cpu:
        misses.append(Miss(kind="cpu", name="cpu", reason=f"it wants {wanted.cpu:g} cores, and {here.cpu:g} are here"))
    if wanted.memory > here.memory:
        wants = f"it wants {wanted.memory:,} bytes of memory, and {here.memory:,} are here"
        misses.append(Miss(kind="memory", name="memory", reason=wants))
    if wanted.gpu > len(here.gpus):
        wants = f"it wants {wanted.gpu} GPU{'s' if wanted.gpu > 1 else ''}, and {len(here.gpus)} are here"
        misses.append(Miss(kind="gpu", name="gpu", reason=wants))
    return misses
