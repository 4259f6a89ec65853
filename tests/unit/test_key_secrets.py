"""API keys in plain: all of their 32 bytes, in 62 characters, and made again where they must be."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.ciphers import Mint, Pepper, SecretKeys
from services.key_secrets import DIGITS, LENGTH, PREFIX, made_again, new_key, runtime_key, spell

OLD = SecretKeys(("old",))
ROTATED = SecretKeys(("new", "old"))
PRINCIPAL = uuid4()


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_two_secrets_are_never_spelled_alike(one: bytes, other: bytes) -> None:
    assert (spell(one) == spell(other)) == (one == other)


@given(st.binary(min_size=32, max_size=32))
def test_every_key_is_spelled_in_letters_and_digits_at_one_length(secret: bytes) -> None:
    key = spell(secret)
    assert key.startswith(PREFIX)
    assert len(key) == len(PREFIX) + LENGTH
    assert set(key.removeprefix(PREFIX)) <= set(DIGITS)


def test_each_key_is_another() -> None:
    mint = Mint(OLD)
    assert (
        len({new_key(mint, principal_id=PRINCIPAL, idempotency_key=None) for _ in range(50)}) == 50
    )


def test_a_repeated_request_is_given_the_key_that_it_made() -> None:
    key = new_key(Mint(OLD), principal_id=PRINCIPAL, idempotency_key="k")
    digest = Pepper(OLD).digest(key)

    def again(secrets: SecretKeys, idempotency_key: str) -> str | None:
        return made_again(
            Mint(secrets),
            Pepper(secrets),
            digest=digest,
            principal_id=PRINCIPAL,
            idempotency_key=idempotency_key,
        )

    assert again(OLD, "k") == again(ROTATED, "k") == key
    assert again(OLD, "another") is None
    assert again(SecretKeys(("new",)), "k") is None


def test_nobody_else_makes_it_with_the_same_idempotency_key() -> None:
    mint = Mint(OLD)
    keys = {new_key(mint, principal_id=uuid4(), idempotency_key="k") for _ in range(2)}
    assert len(keys) == 2


def test_a_runtimes_key_is_the_same_after_a_restart_and_its_environments_own() -> None:
    one, other = uuid4(), uuid4()
    assert runtime_key(Mint(OLD), one) == runtime_key(Mint(OLD), one)
    assert runtime_key(Mint(OLD), one) != runtime_key(Mint(OLD), other)
