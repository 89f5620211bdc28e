"""What recording has to say to the person at the terminal: one line, on standard error, never an exception."""

import os
import sys


def say(text: str) -> None:
    if os.environ.get("WARDIAN_QUIET"):
        return
    try:
        sys.stderr.write(f"wardian: {text}\n")
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return  # no terminal (pythonw), or it is closed already: the recording matters more
