"""Archives come from users: nothing in one may leave the folder it is unpacked into."""

import io
import random
import tarfile
from pathlib import Path

import pytest

from wardian.executors.local.staging import unpack
from wardian.kernel.errors import Invalid


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, link
    return made


def archive(folder: Path, *members: tarfile.TarInfo, content: bytes = b"data") -> Path:
    path = folder / "code.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for each in members:
            each.size = len(content) if each.isreg() else 0
            tar.addfile(each, io.BytesIO(content) if each.isreg() else None)
    return path


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "outer" / "work"
    folder.mkdir(parents=True)
    return folder


def test_files_folders_and_inner_links_arrive(tmp_path: Path, into: Path) -> None:
    program = member("bin/run")
    program.mode = 0o777
    unpack(
        archive(tmp_path, program, member("empty", tarfile.DIRTYPE), member("latest", tarfile.SYMTYPE, "bin/run")), into
    )
    assert (into / "latest").read_bytes() == b"data"
    assert (into / "empty").is_dir()
    assert (into / "bin/run").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "members",
    [
        [member("../evil")],
        [member("/tmp/evil")],
        [member("a/../../evil")],
        [member("link", tarfile.SYMTYPE, "../..")],
        [member("link", tarfile.SYMTYPE, "/etc")],
        [member("link", tarfile.SYMTYPE, "."), member("link2", tarfile.SYMTYPE, "link/../..")],
        [member("hard", tarfile.LNKTYPE, "/etc/passwd")],
        [member("pipe", tarfile.FIFOTYPE)],
        [member("device", tarfile.CHRTYPE)],
    ],
    ids=["up", "absolute", "through", "link-up", "link-absolute", "link-over-link", "hard-link", "pipe", "device"],
)
def test_what_leads_outside_is_refused_by_name(tmp_path: Path, into: Path, members: list[tarfile.TarInfo]) -> None:
    with pytest.raises(Invalid, match=members[-1].name.lstrip("/").split("/")[-1]):
        unpack(archive(tmp_path, *members), into)
    assert not (into.parent / "evil").exists()


def test_a_bomb_is_refused(tmp_path: Path, into: Path) -> None:
    with pytest.raises(Invalid, match="larger than 1000 bytes"):
        unpack(archive(tmp_path, member("zeros"), content=b"\0" * 2000), into, limit=1000)


@pytest.mark.parametrize("cut", [slice(0, 200), slice(0, -40), slice(40, None)])
def test_a_cut_archive_is_refused(tmp_path: Path, into: Path, cut: slice) -> None:
    path = archive(tmp_path, member("a"), content=random.Random(1).randbytes(50_000))
    path.write_bytes(path.read_bytes()[cut])
    with pytest.raises(Invalid, match="no whole"):
        unpack(path, into)
