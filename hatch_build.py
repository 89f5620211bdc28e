"""Puts the built web app into the wheel. hatchling runs this for metadata, too: the build guards itself by a hash."""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

import web


class WebApp(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`WARDIAN_SKIP_WEB=1` leaves the app out: the server then says that it is not built."""
        if self.target_name == "wheel" and os.environ.get("WARDIAN_SKIP_WEB") != "1":
            web.build()
