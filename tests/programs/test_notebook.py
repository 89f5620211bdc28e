"""Notebooks into steps, by their tags."""

import json

import pytest

from wardian.kernel.errors import Invalid
from wardian.programs import notebook
from wardian.programs.notebook import Cell, Notebook


def split(*cells: tuple[str, list[str]], environments=frozenset()):
    found = Notebook("n.ipynb", tuple(Cell(i, source, tuple(tags)) for i, (source, tags) in enumerate(cells)))
    return notebook.split(found, set(environments))


class TestSplit:
    def test_cells_before_the_first_tag_are_step_0(self):
        steps = split(("a", []), ("b", ["same_step_1"]), ("c", [])).steps
        assert [(step.name, [cell.source for cell in step.cells]) for step in steps] == [
            ("same_step_000", ["a"]),
            ("same_step_001", ["b", "c"]),
        ]

    def test_no_tags_make_one_step(self):
        assert [step.name for step in split(("a", []), ("b", [])).steps] == ["same_step_000"]

    def test_a_number_used_again_continues_its_step(self):
        steps = split(("a", ["same_step_1"]), ("b", ["same-step-2"]), ("c", ["same_step_01"])).steps
        assert [[cell.source for cell in step.cells] for step in steps] == [["a", "c"], ["b"]]

    def test_steps_are_sorted_by_number_and_a_warning_tells_where_that_is_not_the_order_written(self):
        found = split(("a", ["same_step_20"]), ("b", ["same_step_3"]))
        assert [step.number for step in found.steps] == [3, 20]
        assert "sorted by number (3, 20)" in found.warnings[0]
        assert not split(("a", ["same_step_3"]), ("b", ["same_step_20"])).warnings

    def test_tags_of_a_cell_count_together_whatever_their_order(self):
        [_, step] = split(
            ("x", []), ("a", ["cache=P30D", "environment=gpu", "mine", "same_step_1"]), environments={"gpu"}
        ).steps
        assert (step.number, step.cache, step.environment, step.tags) == (1, "P30D", "gpu", ["mine"])

    @pytest.mark.parametrize(
        ("tags", "told"),
        [
            (["same_step_"], "cell 0: the tag 'same_step_' has no step number"),
            (["same_step_x"], "no step number"),
            (["same_step_1", "same_step_2"], "belongs to several steps"),
            (["same_step_1", "cache=a month"], "not an ISO 8601 duration"),
            (["same_step_1", "environment=nowhere"], "no environment is named 'nowhere'; known: default"),
        ],
    )
    def test_a_wrong_tag_is_told_with_its_cell(self, tags, told):
        with pytest.raises(Invalid, match=told):
            split(("a", tags))


class TestMagics:
    @pytest.mark.parametrize(
        ("source", "kept", "left_out"),
        [
            ("%pip install a\nx = 1", "pass\nx = 1", ["%pip install a"]),
            ("if x:\n    !ls\ny = 2", "if x:\n    pass\ny = 2", ["!ls"]),
            ("files = !ls", "pass", ["files = !ls"]),
            ("%%bash\nls", "", ["%%bash"]),
            ("%%time\nx = 1", "pass\nx = 1", ["%%time"]),
            ("print?", "pass", ["print?"]),
            ('x = ("%d"\n  % 3)', 'x = ("%d"\n  % 3)', []),
            ('!ls\nx = ("%d"\n  % 3)', 'pass\nx = ("%d"\n  % 3)', ["!ls"]),
            ('!ls\ns = """\n%not a magic\n"""', 'pass\ns = """\n%not a magic\n"""', ["!ls"]),
            ("await x", "await x", []),
        ],
    )
    def test_are_left_out_and_listed(self, source, kept, left_out):
        assert notebook.without_magics(source) == (kept, left_out)

    def test_pip_lines_are_requirements(self):
        lines = [
            "%pip install -q numpy==2 'pandas>1' -r m.txt",
            "!python -m pip install -i x torch",
            "# %pip install a",
        ]
        assert notebook.pip_requirements("\n".join(lines)) == ["numpy==2", "pandas>1", "torch", "a"]


class TestScripts:
    def test_percent_format(self):
        text = (
            "# ---\n# jupyter: x\n# ---\na = 1\n# %% [markdown]\n# words\n"
            '# %% tags=["same_step_1", "cache=P1D"]\nb = 1\n# %% {"tags": ["t"]}\nc = 1'
        )
        cells = notebook.read("x.py", text).cells
        assert [(cell.source, cell.tags) for cell in cells] == [
            ("a = 1", ()),
            ("b = 1", ("same_step_1", "cache=P1D")),
            ("c = 1", ("t",)),
        ]

    def test_light_format(self):
        text = 'a = 1\n\n# words\n\n# + {"tags": ["same_step_1"]}\nb = 1\n\nb = 2\n# -\n\nc = 1\n# +\nd = 1'
        cells = notebook.read("x.py", text).cells
        assert [(cell.source, cell.tags) for cell in cells] == [
            ("a = 1\n\n# words", ()),
            ("b = 1\n\nb = 2", ("same_step_1",)),
            ("c = 1", ()),
            ("d = 1", ()),
        ]

    def test_markdown_cells_of_a_notebook_count_and_are_skipped(self):
        cells = [
            {"cell_type": "markdown", "source": "# x"},
            {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": {"tags": ["t"]}},
        ]
        assert notebook.read("x.ipynb", json.dumps({"cells": cells})).cells == (Cell(1, "a = 1\nb = 2", ("t",)),)

    @pytest.mark.parametrize("text", ["", "[]", '{"cells": 1}', '{"cells": [1]}', "{"])
    def test_what_is_no_notebook(self, text):
        with pytest.raises(Invalid, match="not a readable notebook"):
            notebook.read("x.ipynb", text)
