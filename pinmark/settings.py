"""Settings: read from the environment once, in the composition root, and nowhere else."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from services.faults import Fault

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_secure_url(url: str) -> bool:
    """Whether nobody between here and there can read or change what goes either way."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )


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
    broadcast_url: SecretStr | None = None
    """A Redis that carries most wake-ups; Postgres carries all of them when unset."""
    store_url: str | None = None
    secret_key: SecretStr | None = None
    """Secrets separated by commas, newest first; a generated key file when unset."""
    repository_roots: Annotated[tuple[Path, ...], NoDecode] = ()
    repository_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    repository_poll_seconds: Annotated[float, Field(gt=0)] = 5.0
    builder: Literal["local", "kubernetes"] = "local"
    runtime: Literal["local", "kubernetes"] = "local"
    kubernetes_namespace: str = "pinmark"
    """Where pods of builds and runtimes are made."""
    kubernetes_image: str | None = None
    """What they are made of: Pinmark's own image, best by its digest."""
    kubernetes_server_url: str | None = None
    """Where they reach the servers; the public address when unset."""
    runtime_start_seconds: Annotated[float, Field(gt=0)] = 60.0
    """From when a runtime is asked for until it must be healthy."""
    runtime_call_seconds: Annotated[float, Field(gt=0)] = 300.0
    """For one call of a handler, its stream included."""
    runtime_memory_mib: Annotated[int, Field(ge=64)] = 1024
    allowed_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    """Names that the server answers to, beside that of ``public_url`` and those of its machine."""
    public_url: str | None = None
    """Where clients and handlers reach the server; host and port when unset."""
    session_idle_hours: Annotated[float, Field(gt=0)] = 12.0
    """How long a session of the dashboard may go unused."""
    session_longest_hours: Annotated[float, Field(gt=0)] = 168.0
    """How long one may last at all."""
    oidc_issuer: str | None = None
    """The identity provider, exactly as it names itself; without one there are links alone."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_scopes: str = "openid email profile"
    oidc_audience: str | None = None
    """Whom bearer tokens of the provider must be for; the client when unset."""
    requests_per_minute: Annotated[int, Field(gt=0)] = 12_000
    """Of one principal, at one server process."""
    request_burst: Annotated[int, Field(gt=0)] = 1_000
    """How many of them may come at once."""
    sign_in_attempts_per_minute: Annotated[int, Field(gt=0)] = 60
    """From one address."""
    operation_seconds: Annotated[float, Field(gt=0)] = 30.0
    """For one query or mutation; a subscription has no end."""
    kept_answers_mib: Annotated[int, Field(ge=0)] = 64
    """Room for answers to queries that are given again while nothing changes; 0 for none."""
    connections: Annotated[int, Field(gt=0)] = 10_000
    """Websockets and event streams of one server process."""
    connections_per_principal: Annotated[int, Field(gt=0)] = 1_000
    drain_seconds: Annotated[float, Field(ge=0, le=60)] = 3.0
    """For sockets to go elsewhere once the server is told to stop."""
    metrics: bool = True
    """Whether ``/metrics`` is answered."""
    metrics_address: str | None = None
    """``host:port`` to answer it at, instead of among the server's own paths."""
    sandbox: str = "auto"
    production: bool = False
    """Introspection and GraphiQL off."""
    fault: str | None = None
    """For tests alone: a fault point and what happens there, as ``settle.commits:exit``."""

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

    @field_validator("broadcast_url", mode="before")
    @classmethod
    def _redis(cls, value: object) -> object:
        if value == "":
            return None
        if isinstance(value, str) and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value

    @field_validator("repository_roots", mode="before")
    @classmethod
    def _paths(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(Path(part) for part in value.split(os.pathsep) if part)
        return value

    @field_validator("repository_hosts", "allowed_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("metrics_address")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):[0-9]{1,5}", value):
            raise ValueError("must be a host and a port, as 127.0.0.1:9464")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str | None) -> str | None:
        if value is not None and not is_secure_url(value):
            raise ValueError("must start with https://, or with http:// and this machine's name")
        return value

    @field_validator("oidc_scopes")
    @classmethod
    def _scopes(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("must have openid among them")
        return value

    @field_validator("fault")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            Fault.parse(value)
        return value

    @model_validator(mode="after")
    def _no_fault_in_production(self) -> Self:
        if self.production and self.fault is not None:
            raise ValueError("PINMARK_FAULT is for tests, and never in production")
        return self

    @model_validator(mode="after")
    def _image_for_pods(self) -> Self:
        if "kubernetes" in {self.builder, self.runtime} and self.kubernetes_image is None:
            raise ValueError("PINMARK_KUBERNETES_IMAGE is needed where pods are made")
        return self

    @model_validator(mode="after")
    def _whole_client(self) -> Self:
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("PINMARK_OIDC_ISSUER and PINMARK_OIDC_CLIENT_ID go together")
        return self

    @property
    def broadcast(self) -> str | None:
        """Where Redis is, if one carries wake-ups."""
        return None if self.broadcast_url is None else self.broadcast_url.get_secret_value()

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def metrics_listener(self) -> tuple[str, int] | None:
        """Where to answer ``/metrics`` apart from everything else."""
        if self.metrics_address is None or not self.metrics:
            return None
        host, _, port = self.metrics_address.rpartition(":")
        return host.strip("[]"), int(port)

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
