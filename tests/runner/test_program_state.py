"""Variables on their way from one notebook step to the next."""

import os
import subprocess
import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.runner.exploding import NotHandedOn, reason_of
from wardian.runner.state import State, StateStore, main_module

LIMIT = 100_000


@pytest.fixture
def store(tmp_path):
    return StateStore(tmp_path / "blobs", LIMIT)


@pytest.fixture
def next_step(store, monkeypatch):
    """Run one step, hand its variables on, run the next; returns the variables of the second."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def run(first: str, then: str = "", **given: object):
        namespace = main_module().__dict__ | given
        exec(first, namespace)
        state = State.from_json(store.save(namespace).to_json())
        later = main_module().__dict__
        store.load(state, later)
        exec(then, later)
        return later

    return run


class TestHandedOn:
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
        )
    )
    def test_plain_values_arrive_equal(self, tmp_path_factory, value):
        store = StateStore(tmp_path_factory.mktemp("blobs"), LIMIT)
        arrived: dict[str, object] = {}
        store.load(store.save({"value": value}), arrived)
        assert arrived["value"] == value

    def test_modules_by_name(self, next_step):
        later = next_step("import os.path, json as j")
        assert isinstance(later["os"], ModuleType)
        assert later["j"].dumps([1]) == "[1]"

    def test_one_object_stays_one_object(self, next_step):
        next_step(
            "a = [1]; b = a; inside = {'a': a}; weights = [0.1]; model = {'w': weights}; optimizer = [model['w']]",
            "assert a is b and inside['a'] is a\nweights.append(2)\nassert optimizer[0] is model['w'] is weights",
        )

    def test_functions_see_the_variables_of_the_later_step(self, next_step):
        later = next_step(
            "lr = 1\ndef f(): return lr\ndef g(): return f()\nh = lambda: g()", "lr = 2\nseen = f(), g(), h()"
        )
        assert later["seen"] == (2, 2, 2)

    def test_classes_by_value_and_as_one_class(self, next_step):
        first = """
import dataclasses, enum
class Base:
    def who(self): return "base"
class Net(Base):
    def who(self): return super().who() + " net"
@dataclasses.dataclass
class Point: x: int
class Colour(enum.Enum): RED = 1
net, nets, point, colour = Net(), [Net()], Point(3), Colour.RED
def closure():
    k = 2
    def inner(n): return inner(n - 1) + k if n else 0
    return inner
inner = closure()
"""
        next_step(
            first,
            "assert isinstance(net, Net) and isinstance(nets[0], Net) and net.who() == 'base net'\n"
            "assert point == Point(3) and colour is Colour.RED and inner(3) == 6",
        )

    def test_the_same_state_has_the_same_key_in_every_process(self, tmp_path):
        code = f"""
import sys
from pathlib import Path
from wardian.runner.state import StateStore, main_module
namespace = main_module().__dict__
exec("import numpy as np\\nclass A: pass\\na = A()\\ndef f(): return a", namespace)
exec("x = np.arange(5)\\nd = {{'s': {{'a', 'b'}}}}", namespace)
print(StateStore(Path({str(tmp_path)!r}), 10**6).save(namespace).key)
"""
        variables = {"PYTHONHASHSEED": "0", "PYTHONPATH": ":".join(sys.path)}
        keys = {
            subprocess.run(
                [sys.executable, "-c", code], env=variables, capture_output=True, check=True, timeout=60
            ).stdout
            for _ in range(2)
        }
        assert len(keys) == 1

    def test_unchanged_blobs_are_not_written_again(self, store):
        first = store.save({"large": list(range(1000)), "small": 1})
        second = store.save({"large": list(range(1000)), "small": 2})
        assert first.variables["large"] == second.variables["large"]

    def test_names_that_functions_look_up_are_known(self, next_step, store):
        namespace = main_module().__dict__
        exec("def f():\n    return [lr for _ in range(depth)]", namespace)
        assert {"lr", "depth"} <= set(store.save(namespace).uses)


TOUCHES = [
    "str(v)",
    "repr(v)",
    "bool(v)",
    "len(v)",
    "hash(v)",
    "int(v)",
    "float(v)",
    "iter(v)",
    "next(v)",
    "v()",
    "v.x",
    "v[0]",
    "v==1",
    "v!=1",
    "v<1",
    "v+1",
    "1+v",
    "v*2",
    "-v",
    "~v",
    "abs(v)",
    "f'{v}'",
    "[*v]",
    "{**v}",
    "dir(v)",
    "isinstance(v,int)",
    "range(v)",
    "open(v)",
    "bytes(v)",
    "round(v)",
    "divmod(v,2)",
    "v@v",
    "v|v",
    "reversed(v)",
]


class TestExploding:
    @pytest.fixture
    def later(self, next_step):
        first = """
import socket, threading
generator = (i for i in range(3))
lock = threading.Lock()
large = bytes(200_000)
class Bad:
    def __reduce__(self): raise ValueError("no way")
bad = Bad()
deep = []
for _ in range(100_000): deep = [deep]
"""
        with open(os.devnull) as file:
            return next_step(first, file=file)

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("generator", "cannot pickle 'generator' object"),
            ("file", "an open file belongs to the step that opened it"),
            ("lock", "cannot pickle '_thread.lock' object"),
            ("large", r"takes 200,0\d\d bytes and the limit is 100,000"),
            ("bad", "ValueError: no way"),
            ("deep", "recursion"),
        ],
    )
    def test_it_says_why(self, later, name, why):
        with pytest.raises(NotHandedOn, match=f"{name}.*({why})"):
            exec(f"print({name})", later)

    @pytest.mark.parametrize("touch", TOUCHES)
    def test_any_touch_explodes(self, later, touch):
        later["v"] = later["lock"]
        with pytest.raises(NotHandedOn):
            eval(touch, later)

    @pytest.mark.parametrize(
        "touch", ["v.x = 1", "v += 1", "with v: pass", "for _ in v: pass", "1 in v", "del v[0]", "v[0] = 1"]
    )
    def test_statements_too(self, later, touch):
        later["v"] = later["lock"]
        with pytest.raises(NotHandedOn):
            exec(touch, later)

    def test_it_goes_on_exploding_with_its_first_reason(self, later, store):
        again: dict[str, object] = {}
        store.load(store.save({"lock": later["lock"]}), again)
        assert reason_of(again["lock"]) == reason_of(later["lock"])

    def test_it_may_be_replaced(self, later):
        exec("large = 1\nassert large == 1\ndel lock", later)
