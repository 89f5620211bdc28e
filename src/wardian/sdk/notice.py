"""What recording has to say to the person at the terminal: one line, on standard error, never an exception."""

import sys
import threading

from .connection import surroundings


class _Voice(threading.local):
    speaking = False


voice = _Voice()
"""`speaking` while this thread says something: it is no output of the program, and not kept as such."""


def say(text: str) -> None:
    if surroundings().is_quiet:
        return
    voice.speaking = True
    try:
        sys.stderr.write(f"wardian: {text}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return  # no terminal (pythonw), or it is closed already: the recording matters more
    finally:
        voice.speaking = False
