"""Changing the secret: everything is encrypted anew, and the old one can be left out."""

from dataclasses import replace

import pytest
from anyio import fail_after
from anyio.to_thread import run_sync
from sqlalchemy import update
from sqlmodel import col, select
from typer.testing import CliRunner

from models import CacheDecisionKind, Environment, EnvironmentVariable, Repository, Runtime
from pinmark.assembly import read_secrets
from pinmark.cli import cli
from pinmark.settings import Settings
from services.ciphers import Cipher, SecretKeys
from services.rotation import rotate_secrets
from services.runtimes.plans import make_plan
from tests.support.callers import Caller
from tests.support.repositories import Repository as GitRepository
from tests.support.samples import WITH_HANDLER
from tests.support.variables import BOTH, BUILD, put, reveal, variables_of

HANG_SECONDS = 120


def ciphers(settings: Settings) -> tuple[Cipher, Cipher]:
    """With the new secret before the old, and with the new alone."""
    old = read_secrets(settings).keys
    return Cipher(SecretKeys(("new", *old))), Cipher(SecretKeys(("new",)))


async def test_after_a_rotation_the_old_secret_can_be_left_out(
    caller: Caller,
    settings: Settings,
    dev: Environment,
    prod: Environment,
    repository: GitRepository,
) -> None:
    both, new = ciphers(settings)
    with fail_after(HANG_SECONDS):
        repository.commit(WITH_HANDLER)
        await put(caller, prod, "A", "hunter2", BOTH)
        first = await caller.release(dev, prod)
        database = caller.installation.database
        async with database.transaction() as session:
            row = (await session.exec(select(Repository))).one()
            row.credential = caller.installation.cipher.encrypt("ghp_token")
            session.add(row)

        # The fingerprint key, a credential, a webhook secret, a variable, a runtime's two.
        rotation = await rotate_secrets(database, both)
        again = await rotate_secrets(database, both)

        assert (rotation.renewed, rotation.present, rotation.unreadable) == (6, 0, [])
        assert (again.renewed, again.present, again.unreadable) == (0, 6, [])
        rotated = replace(caller, installation=replace(caller.installation, cipher=new))
        async with database.moment() as session:
            kept = (await session.exec(select(Repository))).one()
            living = select(Runtime).where(col(Runtime.ended_at).is_(None))
            runtime = (await session.exec(living)).one()
        assert kept.credential is not None
        assert new.decrypt(kept.credential) == "ghp_token"
        plan = await make_plan(rotated.installation, runtime.id)
        assert plan.variables["A"] == "hunter2"
        variable = (await variables_of(caller, prod))["A"]
        assert await reveal(rotated, variable.id) == "hunter2"
        # Fingerprints mean the same as before: the same value is no change, and hits the cache.
        await put(rotated, prod, "A", "hunter2", BOTH)
        assert (await variables_of(caller, prod))["A"].updated_at == variable.updated_at
        await put(rotated, prod, "A", "hunter3", BUILD)
        await put(rotated, prod, "A", "hunter2", BUILD)
        async with database.transaction() as session:  # the supervisor here has the old secret
            await session.exec(update(Repository).values(credential=None))
        assert (await caller.release(dev, prod)).cache_decision is CacheDecisionKind.HIT
        assert first.succeeded


async def test_what_no_secret_opens_is_named_and_the_rest_is_rotated(
    caller: Caller, settings: Settings, prod: Environment
) -> None:
    both, new = ciphers(settings)
    lost = await put(caller, prod, "LOST", "1")
    kept = await put(caller, prod, "KEPT", "2")
    foreign = Cipher(SecretKeys(("another",))).encrypt("1")
    statement = update(EnvironmentVariable).values(value=foreign)
    async with caller.installation.database.transaction() as session:
        await session.exec(statement.where(col(EnvironmentVariable.id) == lost.id))

    rotation = await rotate_secrets(caller.installation.database, both)

    assert rotation.unreadable == [f"environmentvariable {lost.id}"]
    rotated = replace(caller, installation=replace(caller.installation, cipher=new))
    assert await reveal(rotated, kept.id) == "2"


async def test_the_command_says_how_much_it_did(
    caller: Caller,
    settings: Settings,
    prod: Environment,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await put(caller, prod, "A", "hunter2")
    [old] = read_secrets(settings).keys
    monkeypatch.setenv("PINMARK_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PINMARK_DATABASE_URL", database_url)
    monkeypatch.setenv("PINMARK_SECRET_KEY", f"new,{old}")

    said = await run_sync(lambda: CliRunner().invoke(cli, ["rotate-secrets"]))

    assert said.exit_code == 0, said.output
    assert said.output == "Encrypted anew: 3. Under the newest secret already: 0.\n"
