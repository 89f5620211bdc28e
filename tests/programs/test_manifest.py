"""wardian.yaml: what it may say, and how a fault in it is told."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from wardian.kernel.errors import Invalid
from wardian.programs import document, manifest, schema

ROOT = Path(__file__).parents[2]
WHOLE = """
name: digits
version: 1.10
labels: [small]
parameters:
  epochs: {type: int, default: 10, minimum: 1}
  lr: 0.1
environment: {python: 3.10, requirements: [numpy]}
environments:
  big: {image: org/big:1}
resources: {cpu: 2, memory: 2 GiB}
steps:
  - name: report
    command: [python, report.py, "{{kept}}", "{parameters}"]
    needs: [train]
  - {name: train, script: train.py, resources: {gpu: 1, memory: 512Mi}, environment: big}
  - {name: clean, notebook: clean.ipynb, cache: P3D, outputs: [clean.csv]}
data:
  - {name: raw, uri: raw.csv, schema: "http://schemas.example.org/raw", environments: {PROD: "s3://b/raw.csv"}}
serve: {path: model, name: digits}
"""


def read(text: str) -> manifest.Manifest:
    return manifest.read(document.parse(text, "wardian.yaml"))


class TestRead:
    def test_the_version_is_kept_as_it_is_written(self):
        assert read(WHOLE).version == "1.10"
        assert read(WHOLE).environment.python == "3.10"

    def test_steps_come_after_what_they_need(self):
        assert [step.name for step in read(WHOLE).ordered()] == ["train", "report", "clean"]

    def test_a_run_gets_the_most_that_any_step_wants(self):
        wanted = read(WHOLE).resources_of_run()
        assert (wanted.cpu, wanted.memory, wanted.gpu) == (2, 2 * 1024**3, 1)

    def test_short_forms(self):
        found = read(
            "name: a\nversion: 1\nparameters: {x: 1, y: [1]}\nenvironment: inherit\nsteps: [{name: s, script: s.py}]"
        )
        assert found.environment.inherits
        assert {name: str(p.type) for name, p in found.parameters.items()} == {"x": "int", "y": "list"}

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            (
                "needs: [train]",
                "needs: [trian]",
                r"line 15, steps\[0\].needs\[0\]: no step is named 'trian'; did you mean train",
            ),
            ("script: train.py", "script: train.py, needs: [report]", r"steps need each other: .*train.*→"),
            ("cache: P3D", "cache: 3 days", "line 17.*not an ISO 8601 duration"),
            ("environment: big", "environment: bigg", "no environment is named 'bigg'; did you mean big"),
            ('"{parameters}"', '"{epoch}"', "no parameter is named 'epoch'; did you mean epochs.*{{epoch}}"),
            ("minimum: 1", "minimal: 1", r"line 6, parameters.epochs.minimal: unknown field 'minimal'"),
            ("default: 10", "default: many", "must be a whole number, and 'many' is not"),
            ("default: 10", "default: 0", "must be at least 1, and 0 is less"),
            ("script: train.py", "script: ../train.py", "inside the program's folder"),
            ("script: train.py", "script: train.py, command: ls", "exactly one of command, script and notebook"),
            ("name: clean,", "name: report,", r"steps\[2\].name: a step named report exists already"),
            ("name: digits\nversion", "version", "the field 'name' is missing"),
            ("lr: 0.1", "epochs: 1", "line 7: the key 'epochs' is given twice"),
            ("memory: 2 GiB", "memory: much", "not a size such as 2 GiB"),
            ("serve: {", "serve: [", "not readable YAML"),
        ],
    )
    def test_a_fault_is_told_with_its_place(self, before, after, told):
        assert before in WHOLE
        with pytest.raises(Invalid, match=told):
            read(WHOLE.replace(before, after, 1))

    def test_a_list_is_no_manifest(self):
        with pytest.raises(Invalid, match="map of fields"):
            read("[1, 2]")

    @pytest.mark.parametrize("text", ["a: &a [*a]", "a: !!python/object:os.system {}", "? [1]\n: 2"])
    def test_tricks_of_yaml_are_refused(self, text):
        with pytest.raises(Invalid):
            read(text)


class TestSchema:
    def test_the_file_is_up_to_date(self):
        kept = (ROOT / "docs" / "wardian.schema.json").read_text()
        assert kept == schema.text(), "run: python -m wardian.programs.schema > docs/wardian.schema.json"

    def test_it_takes_what_is_right_and_refuses_what_is_not(self):
        check = jsonschema.Draft202012Validator(json.loads(schema.text()))
        check.check_schema(check.schema)
        assert not list(check.iter_errors(yaml.safe_load(WHOLE)))
        for example in ("digits", "numpy-resume"):
            text = (ROOT / "examples" / example / "wardian.yaml").read_text()
            assert not list(check.iter_errors(yaml.safe_load(text)))
        assert list(check.iter_errors(yaml.safe_load(WHOLE) | {"stepps": []}))
