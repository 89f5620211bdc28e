import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardian.kernel.errors import Invalid
from wardian.kernel.ids import new_id
from wardian.sdk import spool as module
from wardian.sdk.spool import Kind, Origin, Reader, Spool, find


@pytest.fixture
def spool(tmp_path):
    made = Spool.create(tmp_path, Origin(new_id(), "lab", None, {"name": "x"}))
    yield made
    made.close()


def payloads(spool):
    return [frame.payload for frame in spool.frames()]


class TestAppend:
    def test_frames_come_back_in_order(self, spool):
        assert [spool.append(Kind.POINTS, b"a"), spool.append(Kind.LOG, b"")] == [1, 2]
        assert [(frame.kind, frame.sequence, frame.payload) for frame in spool.frames()] == [
            (Kind.POINTS, 1, b"a"),
            (Kind.LOG, 2, b""),
        ]

    @settings(max_examples=25)
    @given(parts=st.lists(st.binary(max_size=40), max_size=20), acknowledged=st.integers(0, 20))
    def test_segments_come_and_go_without_a_frame_lost(self, tmp_path_factory, parts, acknowledged):
        spool = Spool.create(tmp_path_factory.mktemp("spool"), Origin(new_id(), "lab", None, None))
        limit, module.SEGMENT_BYTES = module.SEGMENT_BYTES, 64
        try:
            for part in parts:
                spool.append(Kind.POINTS, part)
            done = min(acknowledged, len(parts))
            spool.acknowledge(done)
            assert payloads(spool) == parts[done:]
            assert spool.pending == len(parts) - done
        finally:
            module.SEGMENT_BYTES = limit
            spool.close()

    def test_a_reader_follows_a_spool_that_grows(self, spool, monkeypatch):
        monkeypatch.setattr(module, "SEGMENT_BYTES", 50)
        reader = Reader(spool)
        for n in range(20):
            assert next(reader, None) is None
            spool.append(Kind.POINTS, b"%d" % n)
            assert next(reader).payload == b"%d" % n

    def test_a_full_disk_adds_nothing_and_breaks_nothing(self, spool, monkeypatch):
        spool.append(Kind.POINTS, b"first")
        write = os.write

        def full(file, data):
            write(file, bytes(data)[:3])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(module.os, "write", full)
        with pytest.raises(OSError, match="No space"):
            spool.append(Kind.POINTS, b"second")
        monkeypatch.undo()
        spool.append(Kind.POINTS, b"third")
        assert payloads(spool) == [b"first", b"third"]


class TestCrash:
    @pytest.mark.parametrize("cut", [1, 5, 16, 20])
    def test_a_torn_last_frame_is_not_there(self, spool, cut):
        spool.append(Kind.POINTS, b"whole")
        spool.append(Kind.POINTS, b"torn")
        segment = spool.segments()[0]
        os.truncate(segment, segment.stat().st_size - cut)
        assert payloads(spool) == [b"whole"]

    def test_a_flipped_bit_is_noticed(self, spool):
        spool.append(Kind.POINTS, b"whole")
        segment = spool.segments()[0]
        data = bytearray(segment.read_bytes())
        data[-1] ^= 1
        segment.write_bytes(data)
        assert payloads(spool) == []

    def test_what_a_dead_process_left_is_found_and_goes_on(self, tmp_path):
        run = new_id()
        script = (
            "import os, sys, pathlib; from wardian.sdk.spool import *;"
            f"s = Spool.create(pathlib.Path(sys.argv[1]), Origin({run!r}, 'lab', None, None));"
            "s.append(Kind.POINTS, b'left'); os.kill(os.getpid(), 9)"
        )
        assert subprocess.run([sys.executable, "-c", script, tmp_path], timeout=60, check=False).returncode == -9
        (folder,) = find(tmp_path)
        spool = Spool.take(folder)
        assert payloads(spool) == [b"left"]
        assert spool.append(Kind.POINTS, b"more") == 2
        spool.acknowledge(2)
        spool.close()
        assert list(tmp_path.iterdir()) == []


class TestOwnership:
    def test_a_living_owner_keeps_others_out(self, spool):
        assert Spool.take(spool.folder) is None

    def test_what_is_pending_survives_closing_and_what_is_not_disappears(self, spool):
        spool.append(Kind.POINTS, b"a")
        spool.close()
        again = Spool.take(spool.folder)
        assert payloads(again) == [b"a"]
        again.acknowledge(1)
        again.close()
        assert not spool.folder.exists()

    def test_a_spool_of_a_newer_version_is_refused_by_name(self, spool):
        spool.append(Kind.POINTS, b"a")
        spool.close()
        file = spool.folder / "spool.json"
        file.write_text(file.read_text().replace('"format": 1', '"format": 9'))
        with pytest.raises(Invalid, match="format 9"):
            Spool.take(spool.folder)
