import io
import json

import numpy as np
import pandas
import plotly.graph_objects
import pytest
from matplotlib.figure import Figure
from PIL import Image

import wardian
from wardian.kernel.errors import Invalid
from wardian.sdk import media

RNG = np.random.default_rng(0)


def opened(piece):
    return np.asarray(Image.open(io.BytesIO(piece.data)))


class TestImage:
    @pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
    def test_bytes_come_back_exactly(self, shape):
        pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
        assert (opened(media.image(pixels)) == pixels).all()

    def test_floats_from_zero_to_one(self):
        pixels = np.array([[0.0, 0.5, 1.0]])
        assert opened(media.image(pixels)).tolist() == [[0, 128, 255]]

    def test_other_floats_are_spread(self):
        assert opened(media.image(np.array([[-4.0, 0.0, 4.0]]))).tolist() == [[0, 128, 255]]

    def test_channels_first_are_turned(self):
        assert opened(media.image(np.zeros((3, 8, 9)))).shape == (8, 9, 3)

    def test_pil_files_and_bytes(self, tmp_path):
        picture = Image.fromarray(RNG.integers(0, 256, (4, 4, 3), dtype=np.uint8))
        picture.save(tmp_path / "a.jpg")
        assert (opened(media.image(picture)) == np.asarray(picture)).all()
        assert media.image(tmp_path / "a.jpg")[2:] == ("image/jpeg", "jpg")
        assert media.image((tmp_path / "a.jpg").read_bytes())[2:] == ("image/jpeg", "jpg")

    @pytest.mark.parametrize("value", [b"nonsense", np.zeros((5, 5, 5)), np.zeros(4), np.zeros((0, 3)), object()])
    def test_what_is_no_picture_is_refused(self, value):
        with pytest.raises(Invalid, match=r"no PNG|no picture"):
            media.image(value)


class TestTable:
    @pytest.mark.parametrize(
        ("value", "columns", "rows"),
        [
            ([{"a": 1}, {"a": 2, "b": "x"}], ["a", "b"], [[1, None], [2, "x"]]),
            ({"a": [1, 2], "b": np.array([0.5, np.nan])}, ["a", "b"], [[1, 0.5], [2, "NaN"]]),
            (pandas.DataFrame({"a": [1], "day": pandas.to_datetime(["2026-11-21"])}), ["a", "day"], None),
            ([], [], []),
        ],
    )
    def test_rows_of_any_origin(self, value, columns, rows):
        document = json.loads(media.table(value).data)
        assert document["columns"] == columns
        assert rows is None or document["rows"] == rows

    def test_what_is_no_table_is_refused(self):
        with pytest.raises(Invalid, match="int is no table"):
            media.table(3)


class TestFigure:
    def test_matplotlib_becomes_a_picture(self):
        figure = Figure()
        axes = figure.add_subplot()
        axes.plot([1, 2])
        assert media.figure(figure)[1:] == ("figure", "image/png", "png")
        assert opened(media.figure(axes)).ndim == 3

    def test_plotly_stays_what_it_is(self):
        piece = media.figure(plotly.graph_objects.Figure(plotly.graph_objects.Scatter(y=[1, 2])))
        assert piece.media_type == "application/vnd.plotly.v1+json"
        assert json.loads(piece.data)["data"][0]["type"] == "scatter"

    def test_what_is_no_figure_is_refused(self):
        with pytest.raises(Invalid, match="no figure"):
            media.figure(3)


class TestArtifacts:
    def test_pieces_files_and_folders_arrive_with_their_steps(self, fake, environ, tmp_path):
        folder = tmp_path / "out"
        (folder / "sub").mkdir(parents=True)
        (folder / "a.txt").write_text("a")
        (folder / "sub" / "b ü.bin").write_bytes(b"b" * 2_000_000)
        with wardian.init(console=False, machine=None) as run:
            run.log({"loss": 1}, step=4)
            run.log_image("samples/first", np.zeros((2, 2)), caption="två & three")
            run.log_text("note", "hello", step=9)
            run.log_file(folder / "a.txt", "kept.txt")
            (folder / "a.txt").write_text("changed later")
            run.log_artifact(folder, "out")
        kept = fake.run(run.id)["artifacts"]
        image = kept["media/samples/first/4-1.png"]
        assert (image["kind"], image["key"], image["step"], image["caption"]) == (
            "image",
            "samples/first",
            "4",
            "två & three",
        )
        assert kept["media/note/9-2.txt"]["data"] == b"hello"
        assert kept["kept.txt"]["data"] == b"a"
        assert kept["out/a.txt"]["data"] == b"changed later"
        assert kept["out/sub/b ü.bin"]["data"] == b"b" * 2_000_000

    def test_a_missing_file_is_refused_at_once(self, fake, environ, tmp_path):
        with wardian.init(console=False, machine=None) as run, pytest.raises(Invalid, match="not a file"):
            run.log_file(tmp_path / "nothing")
