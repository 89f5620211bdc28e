"""What a person waits for at the prompt: `wardian --help` and `import wardian`."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report import row

ROUNDS = 9


def main() -> None:
    wardian = str(Path(sys.executable).with_name("wardian"))
    bare = _median([sys.executable, "-c", "pass"])
    row("bare interpreter", bare, "s")
    row("wardian --help", _median([wardian, "--help"]), "s", target="under 0.3")
    imported = _median([sys.executable, "-c", "import wardian"])
    row("import wardian (interpreter taken off)", imported - bare, "s", target="under 0.15")


def _median(command: list[str]) -> float:
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=30)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
