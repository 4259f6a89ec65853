"""Secrets at rest: encrypted or hashed, under keys that can be rotated."""

import pytest

from services.ciphers import Cipher, Pepper, SecretKeys, SecretUnreadable

OLD, NEW = "the old secret", "the new secret"


def test_a_secret_is_read_again_and_is_not_there_in_the_clear() -> None:
    cipher = Cipher(SecretKeys((OLD,)))
    kept = cipher.encrypt("ghp_token")
    assert b"ghp_token" not in kept
    assert cipher.decrypt(kept) == "ghp_token"


def test_the_same_secret_never_looks_the_same_twice() -> None:
    cipher = Cipher(SecretKeys((OLD,)))
    assert cipher.encrypt("ghp_token") != cipher.encrypt("ghp_token")


def test_after_a_rotation_the_old_is_still_read_and_the_new_is_written() -> None:
    kept = Cipher(SecretKeys((OLD,))).encrypt("ghp_token")
    rotated = Cipher(SecretKeys((NEW, OLD)))
    assert rotated.decrypt(kept) == "ghp_token"
    assert Cipher(SecretKeys((NEW,))).decrypt(rotated.encrypt("another")) == "another"


def test_a_key_that_was_taken_away_reads_nothing() -> None:
    kept = Cipher(SecretKeys((OLD,))).encrypt("ghp_token")
    with pytest.raises(SecretUnreadable):
        Cipher(SecretKeys((NEW,))).decrypt(kept)


def test_a_token_is_recognised_under_every_accepted_key_and_kept_under_the_newest() -> None:
    old, rotated = Pepper(SecretKeys((OLD,))), Pepper(SecretKeys((NEW, OLD)))
    assert old.digest("token") in rotated.digests("token")
    assert rotated.digest("token") == Pepper(SecretKeys((NEW,))).digest("token")


def test_tokens_and_installations_do_not_share_digests() -> None:
    pepper = Pepper(SecretKeys((OLD,)))
    assert pepper.digest("token") != pepper.digest("another")
    assert pepper.digest("token") != Pepper(SecretKeys((NEW,))).digest("token")


def test_a_key_of_one_purpose_is_of_no_use_for_another() -> None:
    secrets = SecretKeys((OLD,))
    assert secrets.derive("encryption at rest") != secrets.derive("bearer tokens")


def test_secrets_are_not_shown_when_they_are_printed() -> None:
    assert OLD not in repr(SecretKeys((OLD,)))
