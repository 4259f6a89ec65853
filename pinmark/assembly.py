"""Joining the parts: the only place that knows which concrete piece serves which need."""

import os
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pinmark.drivers import open_builder, open_runtimes
from pinmark.notifications import open_bell
from pinmark.settings import Settings
from services.ciphers import Cipher, Mint, Pepper, SecretKeys
from services.database import open_database
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors
from services.installation import Installation
from services.parcels import Parcels
from services.runtimes.policy import RuntimePolicy
from services.runtimes.supervisor import Supervisor
from services.sessions import SessionPolicy
from services.store import open_store
from services.tokens import ensure_organization, ensure_owner

ORGANIZATION = "demo"
TOKEN_PREFIX = "pinmark_owner_"


def prepare_data_directory(settings: Settings) -> None:
    """Close the data directory to all others, also one that was made for us and lay open."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.data_dir.chmod(0o700)


def read_secrets(settings: Settings) -> SecretKeys:
    """The installation's secret keys: as set, or a key file made on first start."""
    if settings.secret_key is not None:
        given = settings.secret_key.get_secret_value().split(",")
        return SecretKeys(tuple(key.strip() for key in given if key.strip()))
    return SecretKeys((_kept_secret(settings.data_dir / "secret.key"),))


def flow_cipher(settings: Settings) -> Cipher:
    """What seals the cookies of sign-ins under way; it reads nothing of what is kept."""
    return Cipher(read_secrets(settings), purpose="sign-ins under way")


def read_owner_token(settings: Settings) -> str:
    """The owner's bearer token: made on first start, read ever after."""
    return _kept_secret(settings.owner_token_file, prefix=TOKEN_PREFIX)


def _kept_secret(path: Path, *, prefix: str = "") -> str:
    """The secret in the file, which is made whole or not at all and only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(f"{prefix}{secrets.token_urlsafe(32)}\n")
        try:
            os.link(draft, path)  # refuses to replace what another process made meanwhile
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def address_policy(settings: Settings) -> AddressPolicy:
    return AddressPolicy(
        roots=(settings.demo_repositories, *settings.repository_roots),
        hosts=settings.repository_hosts,
    )


@asynccontextmanager
async def open_installation(settings: Settings, url: str) -> AsyncGenerator[Installation]:
    """Everything the domain runs on, over the Postgres at ``url``."""
    addresses = address_policy(settings)
    secret_keys = read_secrets(settings)
    store = open_store(settings.store_url, directory=settings.data_dir / "store")
    mint = Mint(secret_keys)
    parcels = Parcels(store, mint, settings.kubernetes_server_url or settings.base_url)
    async with (
        open_builder(settings, parcels) as builder,
        open_bell(settings.broadcast) as bell,
        open_database(url, bell=bell) as database,
    ):
        yield Installation(
            database=database,
            addresses=addresses,
            mirrors=Mirrors(settings.data_dir / "mirrors", addresses),
            store=store,
            parcels=parcels,
            cipher=Cipher(secret_keys),
            pepper=Pepper(secret_keys),
            mint=mint,
            builder=builder,
            work=settings.data_dir / "work",
            base_url=settings.base_url,
            runtimes=RuntimePolicy(
                start_seconds=settings.runtime_start_seconds,
                call_seconds=settings.runtime_call_seconds,
            ),
            sessions=SessionPolicy(
                idle=timedelta(hours=settings.session_idle_hours),
                longest=timedelta(hours=settings.session_longest_hours),
            ),
        )


async def supervise(settings: Settings, installation: Installation, url: str) -> None:
    """Keep the installation's runtimes running, or stand by for whoever does; ``url`` leads to
    Postgres itself, not to a pooler before it.
    """
    async with open_runtimes(settings, installation.store, installation.parcels) as driver:
        await Supervisor(installation, driver, url).run()


async def ensure_access(settings: Settings, installation: Installation) -> None:
    """The organization with its owner, whose token lies in its file."""
    token = read_owner_token(settings)
    async with installation.database.transaction() as session:
        organization = await ensure_organization(session, name=ORGANIZATION)
        await ensure_owner(
            session,
            pepper=installation.pepper,
            organization_id=organization.id,
            token=token,
        )
