"""Micro-batching: requests share calls, and nobody notices but the clock."""

import asyncio
import threading
import time

import numpy as np
import pytest

from wardian.serving.runtime.batching import TRUSTED_AFTER, Batcher
from wardian.serving.runtime.errors import Refused


class Doubler:
    """Doubles its input; holds its first call until told, so that others queue behind it."""

    row_wise = True
    methods = ()

    def __init__(self):
        self.calls = []
        self.called, self.go = threading.Event(), threading.Event()

    def predict(self, inputs, outputs):
        x = inputs["x"]
        self.calls.append(x.shape)
        if len(self.calls) == 1:
            self.called.set()
            self.go.wait(10)
        return self.answer(x)

    def answer(self, x):
        if (x < 0).any():
            raise ValueError("a negative number")
        return {"y": x * 2}


async def queued_behind_the_first(model, arrays, **limits):
    """The answers to `arrays`, all of which arrive while the first is being worked on."""
    batcher = Batcher(model, row_wise=True, **limits)
    first = asyncio.ensure_future(batcher.submit({"x": np.ones((1, 2))}))
    await asyncio.to_thread(model.called.wait, 10)
    others = [asyncio.ensure_future(batcher.submit({"x": array})) for array in arrays]
    await asyncio.sleep(0)
    model.go.set()
    await first
    return batcher, await asyncio.gather(*others, return_exceptions=True)


def full(value, rows=1, width=2, dtype="float64"):
    return np.full((rows, width), value, dtype=dtype)


class TestSharing:
    def test_what_waits_shares_one_call_and_each_gets_its_own_rows(self):
        model = Doubler()
        _, answers = asyncio.run(queued_behind_the_first(model, [full(n, rows=n) for n in (1, 2, 3)]))
        assert model.calls == [(1, 2), (6, 2)]
        for n, answer in zip((1, 2, 3), answers, strict=True):
            np.testing.assert_array_equal(answer["y"], full(2 * n, rows=n))

    def test_other_widths_and_types_go_apart(self):
        model = Doubler()
        arrays = [full(1), full(1, width=3), full(2), full(1, dtype="float32"), full(3, width=3)]
        _, answers = asyncio.run(queued_behind_the_first(model, arrays))
        assert model.calls[1:] == [(2, 2), (2, 3), (1, 2)]
        assert [answer["y"].dtype for answer in answers] == [array.dtype for array in arrays]

    def test_a_call_never_holds_more_rows_than_the_limit(self):
        model = Doubler()
        asyncio.run(queued_behind_the_first(model, [full(1, rows=3) for _ in range(4)], rows=8))
        assert model.calls[1:] == [(6, 2), (6, 2)]

    def test_a_large_request_goes_alone(self):
        model = Doubler()
        asyncio.run(queued_behind_the_first(model, [full(1), full(1, rows=100), full(1)]))
        assert model.calls[1:] == [(2, 2), (100, 2)]


class TestWhereCallsRun:
    def test_a_quick_model_moves_into_the_event_loop_and_a_slow_call_sends_it_out(self):
        class Watched(Doubler):
            def __init__(self):
                super().__init__()
                self.go.set()
                self.threads = []

            def answer(self, x):
                self.threads.append(threading.current_thread().name)
                if x[0, 0] == 13:
                    time.sleep(0.05)
                return {"y": x}

        async def asked():
            batcher = Batcher(model, row_wise=True)
            for value in (*[1] * (TRUSTED_AFTER + 1), 13, 1):
                await batcher.submit({"x": full(value)})

        model = Watched()
        quick = "MainThread"
        while model.threads[-2:-1] != [quick]:  # on a busy machine a quick call may seem slow
            asyncio.run(asked())
        assert model.threads[0] == "model"
        assert model.threads[-3:] == [quick, quick, "model"]


class TestTrouble:
    def test_one_bad_request_fails_alone(self):
        _, answers = asyncio.run(queued_behind_the_first(Doubler(), [full(1), full(-1), full(3)]))
        assert [isinstance(answer, Refused) for answer in answers] == [False, True, False]
        assert answers[1].status == 400
        assert "negative" in answers[1].message
        np.testing.assert_array_equal(answers[2]["y"], full(6))

    def test_a_model_that_does_not_answer_row_by_row_is_called_one_by_one(self):
        class Summer(Doubler):
            def answer(self, x):
                return {"y": x.sum(axis=0)}

        model = Summer()
        batcher, answers = asyncio.run(queued_behind_the_first(model, [full(1), full(5), full(7)]))
        assert [answer["y"].tolist() for answer in answers] == [[1, 1], [5, 5], [7, 7]]
        assert not batcher.row_wise

    @pytest.mark.parametrize("error", [ZeroDivisionError("secret"), SystemExit(3)])
    def test_a_model_may_raise_anything_and_the_next_request_is_answered(self, error):
        class Broken(Doubler):
            def answer(self, x):
                if x[0, 0] == 13:
                    raise error
                return {"y": x}

        _, answers = asyncio.run(queued_behind_the_first(Broken(), [full(13), full(5)]))
        assert answers[0].status == 500
        assert "secret" not in answers[0].message
        assert answers[1]["y"].tolist() == [[5, 5]]

    def test_a_full_queue_says_so(self):
        _, answers = asyncio.run(queued_behind_the_first(Doubler(), [full(1)] * 5, waiting=3))
        assert [getattr(answer, "status", 200) for answer in answers] == [200, 200, 200, 503, 503]
