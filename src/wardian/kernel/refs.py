"""How people point at versions: `NAME`, `NAME:VERSION`, `NAME@ALIAS`."""

import re
from dataclasses import dataclass
from typing import Self

from wardian.kernel.errors import Invalid

_FORM = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]{0,63})(?::(?P<version>[\w.+-]{1,64})|@(?P<alias>[\w.-]{1,64}))?")


@dataclass(frozen=True)
class VersionRef:
    name: str
    version: str | None = None
    alias: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        found = _FORM.fullmatch(text)
        if found is None:
            raise Invalid(f"{text!r} is not NAME, NAME:VERSION or NAME@ALIAS", ref=text)
        return cls(**found.groupdict())

    def __str__(self) -> str:
        if self.version:
            return f"{self.name}:{self.version}"
        return f"{self.name}@{self.alias}" if self.alias else self.name
