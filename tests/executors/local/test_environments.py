"""Environments are built by the real uv, from wheels made here."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from uv import find_uv_bin

import wardian
from wardian.executors.local import environments
from wardian.executors.local.environments import Request, fingerprint

MakeWheel = Callable[[str, str, str], str]
_PACKAGE = str(Path(wardian.__file__).parent)


def wanted(root: Path, lock: str, *, serving: bool = False) -> Request:
    return Request(
        root=str(root),
        lock=lock,
        python=sys.executable,
        serving=serving,
        package=_PACKAGE,
        source=fingerprint(_PACKAGE),
        uv=find_uv_bin(),
    )


def start(request: Request, folder: Path) -> subprocess.Popen[str]:
    """As the shim starts it."""
    file = folder / "environment.json"
    file.write_text(request.to_json())
    command = [sys.executable, "-I", environments.__file__, file]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=dict(os.environ))


def built(request: Request, folder: Path) -> tuple[int, str]:
    process = start(request, folder)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def python(request: Request, code: str) -> str:
    done = subprocess.run(
        [request.interpreter, "-c", code], capture_output=True, text=True, timeout=30, cwd="/", env={}, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestBuild:
    def test_holds_the_lock_and_wardian(self, tmp_path: Path, make_wheel: MakeWheel) -> None:
        request = wanted(tmp_path / "environments", make_wheel("greeting", "1.0", "words = 'hello'"))
        status, output = built(request, tmp_path)
        assert status == 0, output
        assert (
            python(request, "import greeting, wardian.runner.shim; print(greeting.words, wardian.__version__)")
            == f"hello {wardian.__version__}"
        )
        assert not list(request.folder.glob("lib/python*/site-packages/wardian/server/static"))

    def test_happens_once_for_two_at_a_time(self, tmp_path: Path, make_wheel: MakeWheel) -> None:
        request = wanted(tmp_path / "environments", make_wheel("greeting", "1.0", ""))
        outputs = [
            process.communicate(timeout=60)[0] for process in [start(request, tmp_path), start(request, tmp_path)]
        ]
        assert sum("environment: building" in output for output in outputs) == 1
        inode = request.folder.stat().st_ino
        assert built(request, tmp_path) == (0, "")
        assert request.folder.stat().st_ino == inode

    def test_a_failure_ends_with_the_words_of_uv_and_leaves_nothing(
        self, tmp_path: Path, make_wheel: MakeWheel
    ) -> None:
        lock = make_wheel("greeting", "1.0", "")
        make_wheel("greeting", "1.0", "# other content")
        request = wanted(tmp_path / "environments", lock)
        status, output = built(request, tmp_path)
        assert status != 0
        assert "Hash mismatch" in output or "hash" in output.splitlines()[-1].lower()
        assert not request.is_ready
        assert [path.suffix for path in Path(request.root).iterdir()] == [".lock"]

    def test_a_killed_builder_leaves_nothing_behind_for_the_next(self, tmp_path: Path, make_wheel: MakeWheel) -> None:
        request = wanted(tmp_path / "environments", make_wheel("greeting", "1.0", ""))
        left = Path(request.root, f"{request.key}.abc.part")
        left.mkdir(parents=True)
        assert built(request, tmp_path)[0] == 0
        assert not left.exists()

    def test_an_empty_lock_is_a_bare_environment(self, tmp_path: Path, make_wheel: MakeWheel) -> None:
        request = wanted(tmp_path / "environments", "")
        assert built(request, tmp_path)[0] == 0
        assert python(request, "import wardian; print(wardian.__version__)") == wardian.__version__

    def test_serving_adds_only_what_the_lock_does_not_name(self, tmp_path: Path, make_wheel: MakeWheel) -> None:
        locks = [make_wheel(name, "9.9", "") for name in ("uvicorn", "h11", "httptools", "click", "msgspec")]
        request = wanted(tmp_path / "environments", "\n".join(locks), serving=True)
        status, output = built(request, tmp_path)
        assert status == 0, output
        assert python(request, "from importlib.metadata import version; print(version('uvicorn'))") == "9.9"


class TestKey:
    def test_everything_that_matters_changes_it(self, tmp_path: Path) -> None:
        requests = [
            wanted(tmp_path, ""),
            wanted(tmp_path, "greeting==1.0"),
            wanted(tmp_path, "", serving=True),
            replace(wanted(tmp_path, ""), python="3.12"),
            replace(wanted(tmp_path, ""), source="another"),
        ]
        assert len({request.key for request in requests}) == len(requests)

    def test_an_edit_of_our_source_is_another_one(self, tmp_path: Path) -> None:
        (tmp_path / "part.py").write_text("x = 1")
        before = fingerprint(str(tmp_path))
        assert fingerprint(str(tmp_path)) == before
        (tmp_path / "part.py").write_text("x = 2")
        assert fingerprint(str(tmp_path)) != before

    def test_where_it_lies_does_not(self, tmp_path: Path) -> None:
        assert wanted(tmp_path, "").key == wanted(tmp_path / "elsewhere", "").key
