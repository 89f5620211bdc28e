"""kill -9 of the server in the middle of a run: the run goes on, and afterwards its books are whole."""

import os
import signal
from pathlib import Path

import pytest

from tests.e2e.counting import Counting
from tests.e2e.home import Home

pytestmark = pytest.mark.slow


def test_once_twice_and_with_a_request_in_flight(own_home: Home, tmp_path: Path):
    counting = Counting(own_home, tmp_path / "counting")

    own_home.kill()
    counting.goes_on()
    own_home.up()
    counting.is_heard_again()

    own_home.kill()
    own_home.up()
    own_home.kill()
    counting.goes_on()
    own_home.up()
    counting.is_heard_again()

    os.kill(own_home.pid, signal.SIGSTOP)  # takes connections, answers none: what the SDK sends now is in flight
    counting.goes_on(300)
    own_home.kill()
    own_home.up()
    counting.is_heard_again()

    counting.enough()
    counting.assert_books_are_whole()


def test_a_run_that_ends_while_no_server_is_there(own_home: Home, tmp_path: Path):
    counting = Counting(own_home, tmp_path / "counting")
    own_home.kill()
    counting.goes_on()
    counting.enough()
    own_home.up()
    counting.assert_books_are_whole()
