"""A program with its history in one file: taken in elsewhere it is the same, and a damaged file is refused."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.home import PROJECT, Home, program, running
from wardian.cli import exits

pytestmark = pytest.mark.slow

LEARNS = {
    "wardian.yaml": """
        name: learns
        version: 1.2.0
        parameters:
          epochs: {type: int, default: 20}
          layers: {type: list, default: [4, 2]}
        steps: [{name: learn, script: learn.py, outputs: [weights]}]
    """,
    "learn.py": """
        import random
        from pathlib import Path

        import wardian

        chosen = wardian.parameters()
        random.seed(str(chosen))
        Path("weights").mkdir()
        with wardian.init(machine=None, tags={"by": "découverte"}) as run:
            run.log({"odd": float("nan")}, step=0)
            for epoch in range(chosen["epochs"]):
                run.log({"loss": random.random()}, step=epoch)
                print("epoch", epoch, "✓")
            Path("weights/w.bin").write_bytes(random.randbytes(50_000))
            run.log_text("said", "héllo", step=3)
    """,
}


@pytest.fixture(scope="module")
def runs(home: Home, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    home.wardian("create", "program", "-f", program(tmp_path_factory.mktemp("learns"), LEARNS))
    given = ([], ["--epochs=30", "--layers=[8, 1]"])
    return [home.json("run", "program", "learns", *words)["id"] for words in given]


@pytest.fixture(scope="module")
def exported(home: Home, runs: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("exported") / "learns.tgz"
    assert home.json("export", "program", "-n", "learns:1.2.0", "--with-history", "-o", str(file))["size"] > 50_000
    return file


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with running(tmp_path_factory.mktemp("elsewhere") / "home") as other:
        yield other


def books_of(home: Home, run: str, folder: Path) -> dict[str, Any]:
    """All that is known of a run, but for where it is."""
    with home.client() as client:
        kept = client.runs.get(PROJECT, run)
        artifacts = {each["path"]: each for each in client.artifacts.list(PROJECT, run)}
        contents = {
            path: client.artifacts.download(PROJECT, run, path, folder / home.folder.parent.name / path).read_bytes()
            for path in artifacts
        }
        points = {key: repr(list(client.runs.points(PROJECT, run, key))) for key in kept["metrics"]}
    for here in ("project", "workload", "tags", "environment", "source"):
        del kept[here]
    facts = {path: (each["kind"], each["key"], each["step"]) for path, each in artifacts.items()}
    return {"run": kept, "points": points, "contents": contents, "facts": facts, "log": home.log(run)}


def test_what_was_damaged_is_named_and_refused(elsewhere: Home, exported: Path, tmp_path: Path):
    whole, before = exported.read_bytes(), elsewhere.books()
    damaged = tmp_path / "damaged.tgz"
    for place in (2, 12, len(whole) // 4, len(whole) // 2, len(whole) - 6):  # header, stream, checksum at the end
        flipped = bytearray(whole)
        flipped[place] ^= 1
        damaged.write_bytes(flipped)
        said = elsewhere.refusal("import", "program", str(damaged), expected=exits.INVALID)
        assert "damaged" in said, (place, said)
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        damaged.write_bytes(whole[:cut])
        elsewhere.refusal("import", "program", str(damaged), expected=exits.INVALID)
    assert (elsewhere.json("list", "programs"), elsewhere.books()) == ([], before)


def test_a_damaged_member_in_a_sound_archive_is_named(elsewhere: Home, exported: Path, tmp_path: Path):
    whole, before = gzip.decompress(exported.read_bytes()), elsewhere.books()
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        members = {member.name: member for member in tar if member.isfile()}
    assert {"manifest.json", "wardian.yaml", "code.tar.gz"} < members.keys()
    chosen = [
        name for name in members if name.endswith((".yaml", "code.tar.gz", "run.json", ".jsonl", "log.txt", "/0"))
    ]
    damaged = tmp_path / "repacked.tgz"
    for name in chosen:
        flipped = bytearray(whole)
        flipped[members[name].offset_data + members[name].size // 2] ^= 1
        damaged.write_bytes(gzip.compress(bytes(flipped), 1))
        assert name in elsewhere.refusal("import", "program", str(damaged), expected=exits.INVALID)
    assert (elsewhere.json("list", "programs"), elsewhere.books()) == ([], before)


def test_it_is_the_same_elsewhere_and_runs_to_the_same(
    home: Home, elsewhere: Home, runs: list[str], exported: Path, tmp_path: Path
):
    assert home.port != elsewhere.port
    made = elsewhere.json("import", "program", str(exported))
    assert (made["created"], made["runs"]) == (True, 2)
    for run in runs:
        assert books_of(elsewhere, run, tmp_path) == books_of(home, run, tmp_path)

    again = elsewhere.json("run", "program", "learns", "--epochs=30", "--layers=[8, 1]")
    assert again["status"] == "succeeded"
    before = home.points(runs[1], "loss")
    assert len(before) == 30
    assert elsewhere.points(again["id"], "loss") == before

    twice = elsewhere.wardian("import", "program", str(exported)).stdout
    assert "was here already (runs added: 0, 2 were here already)" in twice
    assert len(elsewhere.json("list", "runs")) == 3
