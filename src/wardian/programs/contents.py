"""What a folder holds: the manifest that describes it, its notebooks split into steps, what it needs installed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wardian.kernel.errors import Invalid
from wardian.programs import archive, convert, document, manifest, notebook
from wardian.programs.convert import Converted
from wardian.programs.manifest import Environment, Manifest, Step
from wardian.programs.notebook import NotebookStep, Split
from wardian.runner import imports

_DESCRIPTIONS = ("wardian.yaml", "wardian.yml", "same.yaml", "same.yml")
_READMES = ("README.md", "README.rst", "README.txt", "README", "readme.md")
_LARGEST_TEXT = 32 * 1024**2
_LARGEST_README = 256 * 1024
CLOUDPICKLE = "cloudpickle"
"""Hands functions and classes from one notebook step to the next."""


@dataclass(frozen=True)
class Requirements:
    """What a run needs installed."""

    lines: tuple[str, ...]
    """Lines of a requirements file; paths in `-r` are inside the folder."""
    python: str | None = None
    hashed: bool = False
    """The lines are a lock already."""


@dataclass(frozen=True)
class Contents:
    """A program as its folder describes it."""

    manifest: Manifest
    described_by: str
    """Path of the file that describes it."""
    splits: dict[str, Split] = field(default_factory=dict[str, Split])
    """Notebook steps of each step that names a notebook."""
    requirements: Requirements | None = None
    """None: the program runs in the platform's own interpreter."""
    warnings: tuple[str, ...] = ()
    readme: str = ""
    same_config: dict[str, Any] | None = None
    """What stood in a notebook's metadata in place of a same.yaml."""


def read(folder: Path, described_by: str | None = None) -> Contents:
    """Understand a program's folder. No code of it is executed. Raises Invalid with the place of the fault."""
    path = described_by or _find_description(folder)
    converted, same_config = _manifest_of(folder, path)
    found = converted.manifest
    environments = set(found.environments)
    splits: dict[str, Split] = {}
    for step in found.ordered():
        if step.notebook:
            splits[step.name] = _split(folder, path, step, environments)
        elif step.script and not (folder / step.script).is_file():
            raise Invalid(f"{path}: the script {step.script} of step {step.name} is not in the program's folder")
    warnings = [*converted.warnings, *(warning for split in splits.values() for warning in split.warnings)]
    return Contents(
        manifest=found,
        described_by=path,
        splits=splits,
        requirements=_requirements(folder, path, converted, splits),
        warnings=tuple(warnings),
        readme=_readme(folder),
        same_config=same_config,
    )


def read_text(folder: Path, path: str, wanted_by: str) -> str:
    """A text file of the program, which must lie inside its folder."""
    archive.safe_path(path)
    file = folder / path
    if not file.is_file() or not file.resolve().is_relative_to(folder.resolve()):
        raise Invalid(f"{wanted_by}: {path} is not in the program's folder")
    if file.stat().st_size > _LARGEST_TEXT:
        raise Invalid(f"{path} is larger than {_LARGEST_TEXT} bytes, the most that is read")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not text in UTF-8") from None


def code_of(folder: Path, contents: Contents) -> dict[str, str]:
    """Every piece of Python in the program: files, and the cells of the notebooks that its steps run."""
    found = {path: read_text(folder, path, path) for path in archive.members(folder) if path.endswith(".py")}
    for name, split in contents.splits.items():
        path = next(step.notebook or "" for step in contents.manifest.steps if step.name == name)
        for step in split.steps:
            found |= {f"{path} cell {cell.index}": cell.source for cell in step.cells}
    return found


def local_modules(folder: Path) -> set[str]:
    """Modules that the folder itself provides to code in it."""
    return {entry.stem if entry.suffix == ".py" else entry.name for entry in folder.iterdir()} | {
        entry.parent.name for entry in folder.glob("*/__init__.py")
    }


def _find_description(folder: Path) -> str:
    for name in _DESCRIPTIONS:
        if (folder / name).is_file():
            return name
    notebooks = sorted(path.name for path in folder.glob("*.ipynb"))
    if len(notebooks) == 1:
        return notebooks[0]
    hint = f"which of {', '.join(notebooks)} is it? Name the file" if notebooks else "add a wardian.yaml"
    raise Invalid(f"the folder holds no wardian.yaml and no same.yaml: {hint}")


def _manifest_of(folder: Path, path: str) -> tuple[Converted, dict[str, Any] | None]:
    text = read_text(folder, path, "the program")
    if path.endswith((".ipynb", ".py")):
        config = notebook.read(path, text).same_config
        if config is None:
            return convert.from_bare_notebook(path), None
        return convert.from_notebook_metadata(document.of_data(config, f"same_config of {path}"), path), config
    parsed = document.parse(text, path)
    if "steps" in parsed.data or Path(path).stem == "wardian":
        return Converted(manifest.read(parsed), (), requirements_from_imports=False), None
    return convert.from_same(parsed), None


def _split(folder: Path, described_by: str, step: Step, environments: set[str]) -> Split:
    path = step.notebook or ""
    text = read_text(folder, path, f"{described_by}: the notebook of step {step.name}")
    found = notebook.read(path, text)
    if path.endswith(".py") and _is_compiled_by_kfp(text):
        raise Invalid(
            f"{path} is a Kubeflow pipeline (it imports kfp): send it through the Kubeflow Pipelines API instead"
        )
    split = notebook.split(found, environments)
    if not split.steps:
        raise Invalid(f"{path} holds no code to run")
    for one in split.steps:
        _check_python(path, one)
    return split


def _check_python(path: str, step: NotebookStep) -> None:
    for cell in step.cells:
        try:
            notebook.parse_cell(cell.source)
        except SyntaxError as fault:
            raise Invalid(f"{path} cell {cell.index} line {fault.lineno}: {fault.msg}") from None


def _is_compiled_by_kfp(text: str) -> bool:
    try:
        return "kfp" in {module.partition(".")[0] for module in imports.modules_of(text)}
    except SyntaxError:
        return False


def _requirements(folder: Path, path: str, converted: Converted, splits: dict[str, Split]) -> Requirements | None:
    """One environment serves the whole run: the union of what the environments of its steps ask for."""
    found = converted.manifest
    names = {step.environment for step in found.steps}
    names |= {one.environment for split in splits.values() for one in split.steps}
    used = [found.environment, *(one for name, one in sorted(found.environments.items()) if name in names)]
    asked = [line for split in splits.values() for line in split.requirements]
    if all(environment.inherits for environment in used) and not asked:
        return None
    pythons = sorted({environment.python for environment in used if environment.python})
    if len(pythons) > 1:
        raise Invalid(f"{path}: environments of one program want different Pythons: {', '.join(pythons)}")
    lines: list[str] = []
    for environment in used:
        lines += [line for line in _lines(folder, path, environment) if line not in lines]
    hashed = any("--hash=" in line for line in lines)
    if not hashed:
        lines += [line for line in asked if line not in lines]
        if converted.requirements_from_imports:
            lines += _from_imports(folder, splits, lines)
        if splits and CLOUDPICKLE not in map(imports.normal_name, lines):
            lines.append(CLOUDPICKLE)
    return Requirements(tuple(lines), pythons[0] if pythons else None, hashed)


def _lines(folder: Path, path: str, environment: Environment) -> list[str]:
    if environment.requirements is None:
        return []
    if isinstance(environment.requirements, str):
        return read_text(folder, environment.requirements, f"{path}: requirements").splitlines()
    for line in environment.requirements:
        if "\n" in line or "\r" in line:
            raise Invalid(f"{path}: a requirement is one line, and {line!r} is more")
    return list(environment.requirements)


def _from_imports(folder: Path, splits: dict[str, Split], lines: Iterable[str]) -> list[str]:
    """Distributions for what the cells import, unless the requirements name them."""
    named = {imports.normal_name(line) for line in lines}
    modules: set[str] = set()
    for split in splits.values():
        for step in split.steps:
            for cell in step.cells:
                modules |= imports.modules_of(cell.source) - imports.optional_modules_of(cell.source)
    wanted = {imports.distribution_of(module) for module in imports.third_party(modules, local_modules(folder))}
    return sorted(wanted - named)


def _readme(folder: Path) -> str:
    for name in _READMES:
        file = folder / name
        if file.is_file() and not file.is_symlink():
            return file.read_bytes()[:_LARGEST_README].decode("utf-8", errors="replace").replace("\x00", "")
    return ""
