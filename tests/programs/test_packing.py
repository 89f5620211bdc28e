"""What the command line sends: folders, files in them, archives, git addresses."""

import os
import subprocess

import pytest

from wardian.kernel.errors import Invalid, Unavailable
from wardian.programs import archive, git, packing

IDENTITY = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


@pytest.fixture
def repository(folder):
    """A repository with the tag v1 before its latest commit."""
    root = folder({"wardian.yaml": "first"})

    def run(*words):
        subprocess.run(
            ["git", "-C", str(root), *words], check=True, capture_output=True, timeout=30, env=os.environ | IDENTITY
        )

    run("init", "-q", "-b", "main")
    run("add", ".")
    run("commit", "-q", "-m", "first")
    run("tag", "v1")
    (root / "wardian.yaml").write_text("second")
    run("commit", "-q", "-am", "second")
    return root


def unpacked(packed, tmp_path):
    into = tmp_path / "unpacked"
    into.mkdir()
    archive.unpack(packed.archive, into)
    return into


class TestPacked:
    @pytest.mark.parametrize(("ref", "content"), [("", "second"), ("@v1", "first"), ("@main", "second")])
    def test_a_git_address(self, repository, tmp_path, ref, content):
        with packing.packed(f"file://{repository}{ref}") as packed:
            assert (unpacked(packed, tmp_path) / "wardian.yaml").read_text() == content
            assert len(packed.source["commit"]) == 40
        assert not packed.archive.exists()

    def test_a_commit(self, repository, tmp_path):
        first = git.git("rev-parse", "v1", folder=repository)
        with packing.packed(f"file://{repository}@{first}") as packed:
            assert packed.source["commit"] == first

    def test_a_folder_under_git_names_its_commit_and_changes(self, repository):
        with packing.packed(str(repository)) as packed:
            assert "changed" not in packed.source
        (repository / "wardian.yaml").write_text("third")
        with packing.packed(str(repository)) as packed:
            assert packed.source == {"commit": git.git("rev-parse", "HEAD", folder=repository), "changed": "true"}

    def test_a_file_names_what_describes_the_program(self, folder):
        root = folder({"same.yaml": "", "other.yaml": ""})
        with packing.packed(str(root / "same.yaml")) as packed:
            assert packed.file == "same.yaml"

    @pytest.mark.parametrize("source", ["nowhere", "--upload-pack=x", "ext::sh -c id"])
    def test_anything_else_is_refused(self, source):
        with pytest.raises(Invalid, match="no folder, no file and no git address"), packing.packed(source):
            pass

    def test_an_unknown_ref(self, repository):
        with pytest.raises(Invalid, match="git"), packing.packed(f"file://{repository}@nope"):
            pass

    def test_git_has_a_time_limit(self, tmp_path, monkeypatch):
        slow = tmp_path / "bin" / "git"
        slow.parent.mkdir()
        slow.write_text("#!/bin/sh\nexec sleep 30\n")
        slow.chmod(0o755)
        monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
        with pytest.raises(Unavailable, match=r"took longer than 0\.2 s"):
            git.clone("https://host.example/x.git", tmp_path / "into", seconds=0.2)


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("https://host/x/y.git@v1", ("https://host/x/y.git", "v1")),
        ("https://user@host/x@feature/a", ("https://user@host/x", "feature/a")),
        ("git@host.org:x/y.git@main", ("git@host.org:x/y.git", "main")),
        ("https://host/x", ("https://host/x", None)),
    ],
)
def test_the_ref_of_an_address(source, parts):
    assert git.parse(source) == parts
