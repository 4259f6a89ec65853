"""Which addresses may be linked."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidInput
from services.git.addresses import check_address, check_branch
from services.git.hosts import AddressPolicy, is_refused

NO_ROOTS = AddressPolicy()


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://example.com/a/b.git", "https://example.com/a/b.git"),
        ("https://EXAMPLE.com:443/A/b/", "https://example.com/A/b"),
        ("https://example.com.:8443/a", "https://example.com:8443/a"),
        ("https://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("HTTPS://example.com/a", "https://example.com/a"),
    ],
)
def test_an_https_address_has_one_normal_form(url: str, normal: str) -> None:
    assert check_address(url, NO_ROOTS) == normal
    assert check_address(normal, NO_ROOTS) == normal


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/a",
        "http://example.com/a",
        "git://example.com/a",
        "file:///srv/repositories/a.git",
        "ext::sh -c id",
        "https:///a",
        "https://example.com",
        "https://example.com/",
        "https://user:secret@example.com/a",
        "https://user@example.com/a",
        "https://@example.com/a",
        "https://example.com/a?x=1",
        "https://example.com/a#x",
        "https://example.com/a\n",
        "https://example.com/\x00a",
        "https://example.com/a b",
        "https://example.com\\@10.0.0.1/a",
        "https://exämple.com/a",
        "https://example.com:0x50/a",
        "https://example.com:99999/a",
        "https://[::1/a",
        "https://[::1%25lo]/a",
        "https://ex..ample.com/a",
        "https://example.com/" + "a" * 2000,
        "../a.git",
        "a.git",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_address(url, NO_ROOTS)

    assert refusal.value.field == "url"
    assert "secret" not in refusal.value.message


@given(st.text(max_size=60).map(lambda text: "https://" + text) | st.text(max_size=60))
def test_whatever_is_typed_is_normal_or_refused(url: str) -> None:
    try:
        normal = check_address(url, NO_ROOTS)
    except InvalidInput:
        return
    assert check_address(normal, NO_ROOTS) == normal


def test_a_path_inside_a_root_is_linked_by_its_real_name(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "team" / "a.git").mkdir(parents=True)
    (tmp_path / "alias").symlink_to(root)

    url = check_address(f"{tmp_path}/alias/team/a.git/", AddressPolicy(roots=(root,)))

    assert url == str((root / "team" / "a.git").resolve())


@pytest.mark.parametrize("path", ["", "/", "/../outside.git", "/link.git", "/loop/a.git"])
def test_a_path_that_leads_out_of_the_root_is_refused(path: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.git").mkdir()
    (root / "link.git").symlink_to(tmp_path / "outside.git")
    (root / "loop").symlink_to(root / "loop")

    with pytest.raises(InvalidInput, match="allowed folder"):
        check_address(f"{root}{path}", AddressPolicy(roots=(root,)))


def test_what_is_absent_and_what_is_outside_are_one_answer(tmp_path: Path) -> None:
    policy = AddressPolicy(roots=(tmp_path / "root",))
    answers: set[str] = set()
    for path in (tmp_path, tmp_path / "absent", Path("/etc/passwd")):
        with pytest.raises(InvalidInput) as refusal:
            check_address(str(path), policy)
        answers.add(refusal.value.message)

    assert len(answers) == 1


def test_no_path_is_linked_without_a_root(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        check_address(str(tmp_path), NO_ROOTS)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:0a00:0001::",
    ],
)
def test_an_address_inside_somebodys_network_is_refused(address: str) -> None:
    assert is_refused(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "172.32.0.1", "203.0.113.7", "192.0.2.1", "2606:4700::1", "::ffff:1.1.1.1"],
)
def test_an_address_of_the_open_network_is_not(address: str) -> None:
    assert not is_refused(ip_address(address))


@pytest.mark.parametrize("branch", ["main", "release/2.0", "fix_#12", "größe", "+main"])
def test_a_branch_is_named_as_git_allows(branch: str) -> None:
    assert check_branch(branch) == branch


@pytest.mark.parametrize(
    "branch",
    [
        *("", "a b", "a..b", "a:b", "main*", "-f", "/a", "a/", "a.lock", "a\x00b", "a\n", "@{"),
        *("a" * 251, "\ud800"),
    ],
)
def test_a_branch_that_git_could_not_have_is_refused(branch: str) -> None:
    with pytest.raises(InvalidInput):
        check_branch(branch)
