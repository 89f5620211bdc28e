"""The remembered sign-in of a home: what `wardian login` and the first start write, what every client reads."""

import json
import os
from pathlib import Path
from typing import Any


class SignIn:
    """Address (`url`), key (`access_key`, `secret_key`) and chosen `project`, readable by their owner alone."""

    def __init__(self, home: Path) -> None:
        self.file = home / "cli.json"

    def read(self) -> dict[str, Any]:
        try:
            return json.loads(self.file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}

    def write(self, **changes: str | None) -> None:
        kept = {name: value for name, value in (self.read() | changes).items() if value is not None}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=2)
        fresh.replace(self.file)
