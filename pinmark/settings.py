"""Settings: read from the environment once, in the composition root, and nowhere else."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that an operator may set, as ``PINMARK_…``."""

    model_config = SettingsConfigDict(env_prefix="PINMARK_", frozen=True)

    data_dir: Path = Path(".pinmark")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    database_url: SecretStr | None = None
    """Any other Postgres; the embedded one when unset."""
    listen_url: SecretStr | None = None
    """A direct connection for notifications, where ``database_url`` goes through a pooler."""
    store_url: str | None = None
    secret_key: SecretStr | None = None
    """Secrets separated by commas, newest first; a generated key file when unset."""
    repository_roots: Annotated[tuple[Path, ...], NoDecode] = ()
    repository_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    repository_poll_seconds: Annotated[float, Field(gt=0)] = 5.0
    builder: Literal["local"] = "local"
    runtime: Literal["local"] = "local"
    runtime_start_seconds: Annotated[float, Field(gt=0)] = 60.0
    """From when a runtime is asked for until it must be healthy."""
    runtime_call_seconds: Annotated[float, Field(gt=0)] = 300.0
    """For one call of a handler, its stream included."""
    runtime_memory_mib: Annotated[int, Field(ge=64)] = 1024
    public_url: str | None = None
    """Where clients and handlers reach the server; host and port when unset."""
    sandbox: str = "auto"
    production: bool = False
    """Introspection and GraphiQL off."""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.absolute()

    @field_validator("database_url", "listen_url")
    @classmethod
    def _postgres(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        url = value.get_secret_value().replace("postgres://", "postgresql://", 1)
        if not url.startswith("postgresql://"):
            raise ValueError("must start with postgresql://")
        return SecretStr(url)

    @field_validator("repository_roots", mode="before")
    @classmethod
    def _paths(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(Path(part) for part in value.split(os.pathsep) if part)
        return value

    @field_validator("repository_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def demo_repositories(self) -> Path:
        """Where the sample app's repository lies; always a root."""
        return self.data_dir / "repositories"

    @property
    def owner_token_file(self) -> Path:
        return self.data_dir / "owner.token"

    @property
    def postgres_directory(self) -> Path:
        return self.data_dir / "postgres"
