"""Runs the cells of one step, in a process of its own: `python -m wardian.runner.notebook STEP`."""

import ast
import asyncio
import builtins
import copy
import inspect
import linecache
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wardian.runner import plan as plans
from wardian.runner.exploding import reason_of
from wardian.runner.plan import FOLDER, CellText, Plan, PlannedStep
from wardian.runner.state import State, StateStore, main_module

_MISSING = object()


def state_file(folder: Path, chain: str) -> Path:
    """Which variables the last step of a chain left."""
    return folder / FOLDER / "state" / f"{chain}.json"


def open_store(folder: Path, plan: Plan) -> StateStore:
    return StateStore(folder / FOLDER / "state" / "blobs", plan.memory_limit)


def read_state(folder: Path, chain: str) -> State:
    file = state_file(folder, chain)
    return State.from_json(file.read_text("utf-8")) if file.exists() else State()


def write_state(folder: Path, chain: str, state: State) -> None:
    file = state_file(folder, chain)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    half.write_text(state.to_json(), "utf-8")
    half.replace(file)


def run_step(folder: Path, plan: Plan, step: PlannedStep) -> None:
    """Load the variables of the step before, run the cells, keep the variables. An error of the code passes through."""
    store = open_store(folder, plan)
    namespace = main_module().__dict__
    namespace["__builtins__"] = builtins
    builtins.display = _display  # type: ignore[attr-defined] # pyright: ignore[reportAttributeAccessIssue]
    namespace |= copy.deepcopy(plan.parameters)
    store.load(read_state(folder, step.chain), namespace)
    for cell in step.cells:
        run_cell(step.notebook, cell, namespace)
    sys.stdout.flush()
    write_state(folder, step.chain, store.save(namespace, _untouched(plan.parameters, namespace)))


def run_cell(notebook: str, cell: CellText, namespace: dict[str, Any]) -> None:
    """Run one cell as notebooks do: the value of a last expression is shown, `await` may stand at the top."""
    name = f"<{notebook} cell {cell.index}>"
    linecache.cache[name] = (len(cell.source), None, cell.source.splitlines(keepends=True), name)
    tree = ast.parse(cell.source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    _run(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), namespace)
    if isinstance(last, ast.Expr):
        expression = compile(
            ast.Expression(last.value), name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
        )
        value = _run(expression, namespace)
        if value is not None and not cell.source.rstrip().endswith(";"):
            _display(value)


def _run(code: Any, namespace: dict[str, Any]) -> Any:
    result = eval(code, namespace)  # noqa: S307 - running the user's code is what this process is for
    return asyncio.run(_awaited(result)) if code.co_flags & inspect.CO_COROUTINE else result


async def _awaited(coroutine: Any) -> Any:
    return await coroutine


def _display(*values: Any) -> None:
    for value in values:
        sys.stdout.write(f"{value if isinstance(value, str) else repr(value)}\n")


def _untouched(parameters: Mapping[str, Any], namespace: Mapping[str, Any]) -> list[str]:
    """Parameters that still have their values: the next step gets them from the plan, not from this one."""
    return [name for name, value in parameters.items() if _equal(namespace.get(name, _MISSING), value)]


def _equal(now: object, given: object) -> bool:
    if reason_of(now) is not None or type(now) is not type(given):
        return False
    return bool(now == given)


def main() -> int:
    folder = Path.cwd()
    plan = plans.load(folder)
    step = plan.step(sys.argv[1])
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        run_step(folder, plan, step)
    except Exception as fault:  # noqa: BLE001 - whatever the user's code raises ends the step
        frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if not _is_ours(frame.filename)]
        lines = traceback.format_list(frames) + traceback.format_exception_only(fault)
        sys.stdout.flush()
        sys.stderr.write("Traceback (most recent call last):\n" + "".join(lines))
        return 1
    return 0


def _is_ours(filename: str) -> bool:
    return Path(filename).parent == Path(__file__).parent and not filename.startswith("<")


if __name__ == "__main__":
    sys.exit(main())
