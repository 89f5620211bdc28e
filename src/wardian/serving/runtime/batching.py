"""Micro-batching without a timer.

The model is called once at a time. What arrives while a call runs waits, and the next call takes all of it that fits
together, up to `ROWS` rows: an idle model answers at once, a busy one answers many requests for little more than the
price of one.

Calls run in a thread of their own, so that the server goes on answering beside a slow model. Handing over to a thread
and back costs about as much as a small model takes: a model that has shown that it is quick is called in the event
loop itself, until a call is not.
"""

import asyncio
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import Refused
from .flavours import Predictor

ROWS = 64
WAITING = 4096
QUICK_S = 0.001
"""A call that holds up the event loop no longer than this does no harm."""
TRUSTED_AFTER = 20
"""Quick calls in a row before the next one is made in the event loop."""

Arrays = dict[str, NDArray[Any]]
Key = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class Job:
    inputs: Arrays
    outputs: tuple[str, ...]
    future: asyncio.Future[Arrays]
    key: Key | None
    """Jobs with equal keys may share a call; None: this one goes alone."""
    rows: int


class Batcher:
    def __init__(self, predictor: Predictor, *, row_wise: bool, rows: int = ROWS, waiting: int = WAITING) -> None:
        self.row_wise = row_wise
        self._predictor, self._rows, self._limit = predictor, rows, waiting
        self._waiting: deque[Job] = deque()
        self._handed: SimpleQueue[list[Job]] = SimpleQueue()
        self._busy = self._woken = False
        self._quick = 0
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._call_model, name="model", daemon=True).start()

    async def submit(self, inputs: Arrays, outputs: tuple[str, ...] = ()) -> Arrays:
        """The model's answer to one request, whoever else shares the call."""
        if len(self._waiting) >= self._limit:
            raise Refused(f"{len(self._waiting)} requests wait for this model already; try again in a moment", 503)
        rows = _rows_of(inputs)
        key = _key(inputs, outputs) if self.row_wise and rows and rows < self._rows else None
        job = Job(inputs, outputs, self._loop.create_future(), key, rows or 0)
        self._waiting.append(job)
        self._wake()
        return await job.future

    def _wake(self) -> None:
        if not self._busy and not self._woken:
            self._woken = True
            self._loop.call_soon(self._hand_over)  # after the requests that arrived in the same turn of the loop

    def _hand_over(self) -> None:
        self._woken = False
        while self._waiting and self._waiting[0].future.done():
            self._waiting.popleft()
        if self._busy or not self._waiting:
            return
        batch = self._next_batch()
        if self._quick >= TRUSTED_AFTER and batch[0].key is not None:
            self._deliver(batch, self._answer(batch))
        else:
            self._busy = True
            self._handed.put(batch)

    def _next_batch(self) -> list[Job]:
        """The oldest job and those behind it that may share its call; the others keep their order."""
        first = self._waiting.popleft()
        batch, rows = [first], first.rows
        if first.key is None:
            return batch
        passed: deque[Job] = deque()
        while self._waiting and rows < self._rows:
            job = self._waiting.popleft()
            if job.key == first.key and rows + job.rows <= self._rows:
                batch.append(job)
                rows += job.rows
            else:
                passed.append(job)
        passed.extend(self._waiting)
        self._waiting = passed
        return batch

    def _call_model(self) -> None:
        while True:
            batch = self._handed.get()
            answers = self._answer(batch)
            self._loop.call_soon_threadsafe(self._deliver, batch, answers)

    def _deliver(self, batch: list[Job], answers: Sequence[Arrays | Exception]) -> None:
        self._busy = False
        for job, answer in zip(batch, answers, strict=True):
            if job.future.done():
                continue
            if isinstance(answer, Exception):
                job.future.set_exception(answer)
            else:
                job.future.set_result(answer)
        if self._waiting:
            self._wake()

    def _answer(self, batch: list[Job]) -> Sequence[Arrays | Exception]:
        began = time.perf_counter()
        answers = self._answers(batch)
        self._quick = self._quick + 1 if time.perf_counter() - began <= QUICK_S else 0
        return answers

    def _answers(self, batch: list[Job]) -> Sequence[Arrays | Exception]:
        if len(batch) > 1 and self.row_wise:
            try:
                answers = self._together(batch)
            except (Exception, SystemExit):  # noqa: BLE001 - a model may raise anything; alone, each job gets its own answer
                answers = None
            if answers is not None:
                return answers
        return [self._alone(job) for job in batch]

    def _together(self, batch: list[Job]) -> list[Arrays] | None:
        """One call for all; None when the answer does not have one row for each row asked."""
        joined = {name: np.concatenate([job.inputs[name] for job in batch]) for name in batch[0].inputs}
        answer = self._predictor.predict(joined, batch[0].outputs)
        rows = sum(job.rows for job in batch)
        if any(not array.ndim or len(array) != rows for array in answer.values()):
            self.row_wise = False
            print("the model does not answer row by row; requests no longer share a call", file=sys.stderr)  # noqa: T201
            return None
        ends = np.cumsum([job.rows for job in batch]).tolist()
        return [
            {name: array[end - job.rows : end] for name, array in answer.items()}
            for job, end in zip(batch, ends, strict=True)
        ]

    def _alone(self, job: Job) -> Arrays | Exception:
        try:
            return self._predictor.predict(job.inputs, job.outputs)
        except Refused as error:
            return error
        except ValueError as error:
            return Refused(f"the model refused these inputs: {error}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a model may raise anything
            traceback.print_exc()
            return Refused(f"the model raised {type(error).__name__}; the deployment's log has the details", 500)


def _rows_of(inputs: Arrays) -> int | None:
    """The first dimension all inputs share; None when there is none."""
    rows = {array.shape[0] if array.ndim else None for array in inputs.values()}
    return rows.pop() if len(rows) == 1 else None


def _key(inputs: Arrays, outputs: tuple[str, ...]) -> Key:
    return (outputs, *((name, array.dtype.str, array.shape[1:]) for name, array in inputs.items()))
