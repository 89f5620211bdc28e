"""Archives are unpacked with suspicion and packed so that equal content gives equal bytes."""

import gzip
import io
import os
import tarfile

import pytest

from wardian.kernel.errors import Invalid, TooLarge
from wardian.programs import archive
from wardian.programs.archive import Limits


def tar(*entries: tarfile.TarInfo | tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as out:
        for entry in entries:
            info = tarfile.TarInfo(entry[0]) if isinstance(entry, tuple) else entry
            data = entry[1] if isinstance(entry, tuple) else b""
            info.size = len(data)
            out.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def unpack(tmp_path, data: bytes, limits: Limits | None = None):
    (tmp_path / "a.tgz").write_bytes(data)
    into = tmp_path / "out"
    into.mkdir()
    archive.unpack(tmp_path / "a.tgz", into, limits)
    return into


class TestUnpack:
    @pytest.mark.parametrize(
        "entries",
        [
            [("/etc/passwd", b"x")],
            [("../x", b"x")],
            [("a/../../x", b"x")],
            [("a\\..\\x", b"x")],
            [special("link", tarfile.SYMTYPE, "/etc/passwd")],
            [special("link", tarfile.SYMTYPE, "../outside")],
            [
                special("a", tarfile.SYMTYPE, "b/.."),
                special("b", tarfile.SYMTYPE, "."),
                special("c", tarfile.SYMTYPE, "a/../.."),
            ],
            [special("hard", tarfile.LNKTYPE, "x")],
            [special("device", tarfile.CHRTYPE)],
            [special("pipe", tarfile.FIFOTYPE)],
            [("x", b"1"), special("x", tarfile.SYMTYPE, "y")],
        ],
    )
    def test_what_leads_out_is_refused_and_named(self, tmp_path, entries):
        with pytest.raises(Invalid, match=r"the archive holds"):
            unpack(tmp_path, tar(*entries))
        assert not (tmp_path / "x").exists()

    def test_a_file_is_never_written_through_a_link(self, tmp_path):
        entries = [special("folder", tarfile.SYMTYPE, "real"), ("real/a", b"1"), ("folder/b", b"2")]
        with pytest.raises(Invalid, match="twice"):
            unpack(tmp_path, tar(*entries))

    def test_bombs(self, tmp_path):
        with pytest.raises(TooLarge, match="unpacks to more"):
            unpack(tmp_path, tar(("zeros", bytes(1_000_000))), Limits(bytes=500_000))

    def test_too_many_files(self, tmp_path):
        with pytest.raises(TooLarge, match="more than 3 files"):
            unpack(tmp_path, tar(*[(str(i), b"") for i in range(5)]), Limits(files=3))

    @pytest.mark.parametrize(
        "data",
        [b"", b"not a tar", gzip.compress(b"not a tar" * 100), tar(("a", os.urandom(5000)))[:-3000]],
        ids=["empty", "no archive", "no tar", "cut"],
    )
    def test_damage_is_told(self, tmp_path, data):
        with pytest.raises(Invalid, match=r"damaged or no .tar.gz"):
            unpack(tmp_path, data)

    def test_what_is_fine_arrives(self, tmp_path):
        script = special("run.sh", tarfile.REGTYPE)
        script.mode = 0o755
        out = unpack(tmp_path, tar(("a/b.txt", b"x"), special("a/link", tarfile.SYMTYPE, "b.txt"), script))
        assert (out / "a" / "link").read_bytes() == b"x"
        assert os.access(out / "run.sh", os.X_OK)


class TestPack:
    def test_bytes_depend_on_the_content_alone(self, folder, tmp_path):
        root = folder(
            {
                "b.py": "1",
                "a/c.py": "2",
                ".git/config": "x",
                "__pycache__/b.pyc": "x",
                ".wardianignore": "data\n*.log",
                "data/x": "x",
                "y.log": "",
            }
        )
        archive.pack(root, tmp_path / "1.tgz")
        os.utime(root / "b.py", (1, 1))
        archive.pack(root, tmp_path / "2.tgz")
        assert (tmp_path / "1.tgz").read_bytes() == (tmp_path / "2.tgz").read_bytes()
        assert list(archive.digests(root)) == [".wardianignore", "a/c.py", "b.py"]

    def test_it_comes_back_the_same(self, folder, tmp_path):
        root = folder({"b.py": "1", "a/c.py": "2"})
        (root / "b.py").chmod(0o755)
        (root / "link").symlink_to("a/c.py")
        archive.pack(root, tmp_path / "1.tgz")
        (tmp_path / "back").mkdir()
        archive.unpack(tmp_path / "1.tgz", tmp_path / "back")
        assert archive.digests(tmp_path / "back") == archive.digests(root)

    def test_differences_are_named(self):
        before, after = {"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}
        assert archive.difference(before, after) == "b changed, d added, c removed"
