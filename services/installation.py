"""What the domain runs on, assembled once by the composition root."""

from dataclasses import dataclass
from pathlib import Path

from services.builder import Builder
from services.ciphers import Cipher, Mint, Pepper
from services.database import Database
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors
from services.parcels import Parcels
from services.runtimes.policy import RuntimePolicy
from services.sessions import SessionPolicy
from services.store import Store


@dataclass(frozen=True)
class Installation:
    """For the few services that reach beyond the database: fetches, builds, kept files."""

    database: Database
    addresses: AddressPolicy
    mirrors: Mirrors
    store: Store
    parcels: Parcels
    cipher: Cipher
    pepper: Pepper
    mint: Mint
    builder: Builder
    work: Path
    """Where builds are exported to and packages cached; nothing there is missed when lost."""
    base_url: str
    """Where clients, and handlers that call back, reach this installation."""
    runtimes: RuntimePolicy
    sessions: SessionPolicy
