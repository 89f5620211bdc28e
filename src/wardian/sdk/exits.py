"""How runs end with the program: normally, by an exception, by `sys.exit`, by SIGTERM."""

import _thread
import atexit
import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import NoReturn

from .run import Run

_active: list[Run] = []
_installed = False
_last_error: BaseException | None = None
_terminated = False


def watch(run: Run) -> None:
    """End this run when the program ends."""
    global _installed  # noqa: PLW0603 - the hooks of a process exist once
    _active[:] = [other for other in _active if other.status == "running"] + [run]
    if not _installed:
        _installed = True
        _install()


def active(run_id: str) -> Run | None:
    """The run of this id that this process is recording."""
    return next((run for run in _active if run.id == run_id and run.status == "running"), None)


def interrupt() -> None:
    """End the main thread's work as Ctrl-C does, or as SIGTERM where Ctrl-C is ignored (`nohup … &`)."""
    wanted = signal.SIGINT if callable(signal.getsignal(signal.SIGINT)) else signal.SIGTERM
    main = threading.main_thread().ident
    if main and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, wanted)  # unlike _thread.interrupt_main it wakes a main thread that sleeps
    else:
        _thread.interrupt_main(wanted)


def _install() -> None:
    atexit.register(_at_exit)
    report, leave = sys.excepthook, sys.exit

    def remember(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        global _last_error  # noqa: PLW0603
        _last_error = error
        report(kind, error, trace)

    def remember_status(status: object = None, /) -> NoReturn:
        global _last_error  # noqa: PLW0603
        _last_error = SystemExit(status)
        leave(status)  # pyright: ignore[reportArgumentType]

    sys.excepthook, sys.exit = remember, remember_status
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)


def _terminate(signum: int, _frame: FrameType | None) -> NoReturn:
    """Unwind as for any exit, so that `finally` and `with` do their work; a second SIGTERM ends at once."""
    global _terminated  # noqa: PLW0603
    _terminated = True
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for run in _active:
        run.stop_requested = True
    raise SystemExit(128 + signum)


def _at_exit() -> None:
    for run in reversed(_active):
        if _terminated:
            run.end_on_signal()
        elif _last_error is not None:
            run.finish_with(_last_error)
        else:
            run.finish()
