"""Which addresses over ssh may be linked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidInput
from services.git.addresses import check_address
from services.git.hosts import AddressPolicy
from services.git.ssh_addresses import SshAddress
from services.git.ssh_gate import command

ANY = AddressPolicy()


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("ssh://git@example.com/a/b.git", "ssh://git@example.com/a/b.git"),
        ("git@example.com:a/b.git", "ssh://git@example.com/a/b.git"),
        ("git@example.com:/a/b.git", "ssh://git@example.com/a/b.git"),
        ("ssh://example.com/a/b.git", "ssh://git@example.com/a/b.git"),
        ("SSH://ada@EXAMPLE.com.:22/A/b/", "ssh://ada@example.com/A/b"),
        ("ssh://git@example.com:2222/a", "ssh://git@example.com:2222/a"),
        ("ssh://git@[2001:DB8::1]:22/a", "ssh://git@[2001:db8::1]/a"),
        ("git@[2001:DB8::1]:a", "ssh://git@[2001:db8::1]/a"),
        ("git@example.com:~ada/a.git", "ssh://git@example.com/~ada/a.git"),
        ("git@example.com:it's a.git", "ssh://git@example.com/it's%20a.git"),
        ("ssh://git@example.com/it%27s%20a.git", "ssh://git@example.com/it's%20a.git"),
        ("git@example.com:größe.git", "ssh://git@example.com/gr%C3%B6%C3%9Fe.git"),
        ("git@example.com:100%.git?#", "ssh://git@example.com/100%25.git%3F%23"),
    ],
)
def test_an_ssh_address_has_one_normal_form(url: str, normal: str) -> None:
    assert check_address(url, ANY) == normal
    assert check_address(normal, ANY) == normal


@pytest.mark.parametrize(
    "url",
    [
        "git@example.com",
        "git@example.com:",
        "git@example.com:/",
        "@example.com:a",
        "example.com:a/b.git",
        "git@:a",
        "ssh://git@example.com",
        "ssh://git@example.com/",
        "ssh://git@example.com/%2F",
        "ssh:///a",
        "ssh://@example.com/a",
        "ssh://git:secret@example.com/a",
        "ssh://git:@example.com/a",
        "git:secret@example.com:a",
        "ssh://git@example.com/a?x",
        "ssh://git@example.com/a#x",
        "ssh://git@example.com/a b",
        "ssh://git@example.com/a\n",
        "ssh://git@example.com/%00a",
        "ssh://git@example.com/a%0Ab",
        "ssh://git@example.com/%ff",
        "ssh://git@example.com:0/a",
        "ssh://git@example.com:99999/a",
        "ssh://git@exa mple.com/a",
        "git@exa mple.com:a",
        "git@ex..ample.com:a",
        "git@example.com:\ud800",
        "git@example.com:" + "ö" * 600,
        "git+ssh://git@example.com/a",
        # What a program might take for an option.
        "ssh://-oProxyCommand=id/a",
        "ssh://git@-oProxyCommand=id/a",
        "-oProxyCommand=id@example.com:a",
        "ssh://-l@example.com/a",
        "git@-example.com:a",
        "git@example.com:-a",
        "git@example.com:/-a",
        "ssh://git@example.com/-a",
        "ssh://git@example.com/%2Da",
        "g;id@example.com:a",
        "$(id)@example.com:a",
    ],
)
def test_any_other_ssh_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_address(url, ANY)

    assert refusal.value.field == "url"
    assert "secret" not in refusal.value.message


@given(
    st.text(max_size=60).map(lambda text: "git@host:" + text)
    | st.text(max_size=60).map(lambda text: "ssh://" + text)
    | st.text(max_size=60).map(lambda text: "ssh://git@host/" + text)
)
def test_whatever_is_typed_for_ssh_is_normal_or_refused(url: str) -> None:
    try:
        normal = check_address(url, ANY)
    except InvalidInput:
        return
    assert check_address(normal, ANY) == normal
    assert SshAddress.of(normal).url == normal


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/a/b.git", "git-upload-pack '/a/b.git'"),
        ("/~/b.git", "git-upload-pack '~/b.git'"),
        ("/~ada/b.git", "git-upload-pack '~ada/b.git'"),
        ("/a'; id; '!", "git-upload-pack '/a'\\''; id; '\\'''\\!''"),
    ],
)
def test_the_path_is_one_word_of_the_command(path: str, asked: str) -> None:
    assert command(path) == asked
