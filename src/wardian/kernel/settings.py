"""One typed tree of settings, read once at the root.

Precedence: command line, `WARDIAN_…` variables (`__` between levels: `WARDIAN_LIMITS__BODY_BYTES`), `HOME/config.toml`,
defaults.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Group):
    body_bytes: int = 32 * 1024 * 1024
    """Largest body of an ordinary request; uploads have their own."""
    upload_bytes: int = 64 * 1024**3
    """Largest single upload (artifact, program archive, import)."""
    free_disk_bytes: int = 256 * 1024 * 1024
    """`wardian up` refuses to start with less free space than this."""
    session_hours: float = 24 * 14
    sign_in_failures_per_minute: int = 10
    """Per name and address; more answers 429."""


class LocalExecutor(_Group):
    enabled: bool = True
    cpu: float | None = None
    """Slots to give out; all of the machine's when not set."""
    memory: int | None = None
    gpu: int | None = None
    poll_s: float = 0.5
    """How often running workloads are looked at when nothing hints."""


class S3(_Group):
    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = None
    secret_key: str | None = None
    retry_timeout_s: float = 20


class Settings(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(
        env_prefix="WARDIAN_",
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    home: Path = Path("~/.wardian")
    """Folder of all state of an embedded server."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    database: str = ""
    """`postgresql://…`; empty means `HOME/wardian.db`."""
    blobs: str = ""
    """`s3://bucket[/prefix]`; empty means `HOME/blobs`."""
    external_url: str = ""
    """The address that clients and workloads use, where a proxy stands in front; empty means `http://HOST:PORT`."""
    admin_name: str = "admin"
    admin_password: str = ""
    """For the first start; empty means generated and shown once."""
    secure_cookies: bool = False
    """Set when the server is reached by https only."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    limits: Limits = Limits()
    local: LocalExecutor = LocalExecutor()
    s3: S3 = S3()

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'wardian.db'}"

    @property
    def blobs_url(self) -> str:
        return self.blobs or str(self.home / "blobs")

    @property
    def public_url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - compared, not bound
        return self.external_url.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = init_settings().get("home") or env_settings().get("home") or cls.model_fields["home"].default
        file = Path(str(given)).expanduser() / "config.toml"
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Settings with what the command line named; values of None count as not named."""
        return cls(**{name: value for name, value in given.items() if value is not None})


def default_home() -> Path:
    """Where a client looks for the platform of this machine, without reading any file."""
    return Path(os.environ.get("WARDIAN_HOME") or "~/.wardian").expanduser().absolute()
