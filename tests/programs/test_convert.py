"""Both generations of same.yaml, unchanged."""

from pathlib import Path

import pytest

from wardian.kernel.errors import Invalid
from wardian.programs import contents, convert, document

FIXTURES = Path(__file__).parent / "fixtures"
NEWER = (FIXTURES / "newer" / "same.yaml").read_text()
OLDER = (FIXTURES / "older" / "same.yaml").read_text()


def read(text):
    return convert.from_same(document.parse(text, "same.yaml"))


class TestNewer:
    def test_every_field(self):
        found = read(NEWER).manifest
        assert (found.name, found.version, found.labels) == (
            "sample-program",
            "0.10",
            {"demo": "", "tiny": "", "sha": "0123abc"},
        )
        assert {name: p.default for name, p in found.parameters.items()} == {
            "lr": 0.2, "depth": {"a": 1, "b": [1, 2]}, "names": ["x", "y"], "flag": True, "word": "plain", "none": None,
        }  # fmt: skip
        assert found.environment.image == "library/python:3.10-slim-buster"
        assert found.environments["private"].image == "registry.example/org/image:latest"
        [pointer] = found.data
        assert (pointer.uri, pointer.address("PROD")) == ("user_history.csv", "s3://bucket/user.parquet")
        assert found.serialisation_memory_limit == 100_000

    def test_no_secret_is_kept(self):
        found = read(NEWER)
        assert "not-a-secret" not in found.manifest.model_dump_json()
        assert any("credentials are not kept" in warning for warning in found.warnings)

    def test_the_local_interpreter_is_said_so(self):
        assert any("local interpreter" in warning for warning in read(NEWER).warnings)

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("run:\n", "runs: 1\nrun:\n", "line 26, runs: unknown field 'runs'"),
            ("  name: Sample Program\n", "", "metadata: the field 'name' is missing"),
            ("library/python:3.10-slim-buster", "python", "line 12, environments.default.image_tag"),
            ("  default: {image", "  first: {image", "an entry named 'default'"),
            ("{default: user_history.csv", "{DEV: user_history.csv", "an entry named 'default'"),
            ("path: sample.py", "path: sample.txt", "notebook.path: sample.txt must be a notebook"),
            ("lr: 0.2", '"l r": 0.2', "cannot be a variable"),
        ],
    )
    def test_a_fault_is_told_with_its_place(self, before, after, told):
        assert before in NEWER
        with pytest.raises(Invalid, match=told):
            read(NEWER.replace(before, after, 1))


class TestOlder:
    def test_every_field(self):
        found = read(OLDER).manifest
        assert (found.name, found.version) == ("kubeflowpipeline", "1.0")
        assert found.labels == {"team": "research", "tries": "3", "sha": "9876fed"}
        assert {name: p.default for name, p in found.parameters.items()} == {
            "epochs": 2, "layers": [4, 8], "options": {"a": {"b": 1}},
        }  # fmt: skip
        assert [(one.name, one.uri) for one in found.data] == [("numbers", "numbers.csv")]
        assert found.resources.cpu == 1

    def test_unknown_keys_are_dropped_and_told(self):
        assert any("'surprise'" in warning for warning in read(OLDER).warnings)

    @pytest.mark.parametrize("before", ["nodePoodName", "dataSets:"])
    def test_both_spellings(self, before):
        other = {"nodePoodName": "nodePoolName", "dataSets:": "datasets:"}[before]
        assert read(OLDER.replace(before, other)).manifest == read(OLDER).manifest

    def test_a_compiled_pipeline_is_for_another_door(self):
        with pytest.raises(Invalid, match="Kubeflow Pipelines API"):
            read(OLDER.replace("pipeline.ipynb", "pipeline.zip"))


class TestContents:
    def test_a_notebook_describes_itself(self):
        found = contents.read(FIXTURES / "metadata")
        assert (found.manifest.name, found.manifest.version) == ("from-metadata", "2.0")
        assert found.same_config is not None

    def test_requirements_are_the_file_and_what_the_cells_import(self, folder):
        same = "apiVersion: x\nmetadata: {name: a, version: 1}\nnotebook: {name: n, path: n.py, requirements: r.txt}\n"
        code = """
            # %pip install left-pad==1
            import os, sklearn.svm, mine
            from PIL import Image
            try:
                import torch
            except ImportError:
                pass
        """
        found = contents.read(folder({"same.yaml": same, "n.py": code, "r.txt": "scikit-learn==1\n", "mine.py": ""}))
        assert found.requirements is not None
        assert found.requirements.lines == ("scikit-learn==1", "left-pad==1", "pillow", "cloudpickle")

    @pytest.mark.parametrize(
        ("files", "told"),
        [
            ({"a.txt": ""}, "no wardian.yaml and no same.yaml"),
            ({"a.ipynb": "{}", "b.ipynb": "{}"}, "which of a.ipynb, b.ipynb"),
            ({"same.yaml": NEWER}, "sample.py is not in the program's folder"),
            ({"same.yaml": NEWER, "sample.py": "x = = 1"}, "sample.py cell 0 line 1"),
            ({"same.yaml": NEWER, "sample.py": "import kfp"}, "Kubeflow Pipelines API"),
            ({"same.yaml": NEWER, "sample.py": "# nothing\n"[:0]}, "holds no code"),
        ],
    )
    def test_what_is_missing_is_told(self, folder, files, told):
        with pytest.raises(Invalid, match=told):
            contents.read(folder(files))
