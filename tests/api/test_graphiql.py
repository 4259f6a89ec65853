"""``/graphiql``: what the routes serve, and when the front end is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pinmark import static_build
from pinmark.static_files import accepts_brotli, graphiql_routes

SCRIPT = "assets/index-0a1b2c3d.js"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    built = tmp_path / "graphiql"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<title>GraphiQL</title>")
    (built / SCRIPT).write_text("console.log('raw')")
    (built / f"{SCRIPT}.br").write_bytes(b"compressed")
    (built / "assets" / "font-1.ttf").write_bytes(b"font")
    (built / "inputs.sha256").write_text("digest")
    (tmp_path / "owner.token").write_text("secret")
    return built


@pytest.fixture
def client(directory: Path) -> TestClient:
    return TestClient(Starlette(routes=graphiql_routes(directory)))


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/", "/graphiql?query=%7Bapps%7D"])
def test_the_page_is_checked_anew_at_each_visit(client: TestClient, path: str) -> None:
    answer = client.get(path, follow_redirects=False)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.text == "<title>GraphiQL</title>"


@pytest.mark.parametrize("path", ["/graphiql", f"/graphiql/{SCRIPT}", "/graphiql/assets/none.js"])
def test_every_answer_lets_the_browser_load_from_this_origin_only(
    client: TestClient, path: str
) -> None:
    headers = client.get(path).headers
    policy = dict(
        directive.split(" ", 1) for directive in headers["content-security-policy"].split("; ")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_an_asset_may_be_kept_for_ever(client: TestClient) -> None:
    answer = client.get(f"/graphiql/{SCRIPT}", headers={"Accept-Encoding": "identity"})

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers
    assert answer.text == "console.log('raw')"


def test_an_asset_comes_compressed_to_who_can_read_that(client: TestClient) -> None:
    with client.stream(
        "GET", f"/graphiql/{SCRIPT}", headers={"Accept-Encoding": "gzip, br"}
    ) as answer:
        assert answer.headers["content-encoding"] == "br"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"
        assert b"".join(answer.iter_raw()) == b"compressed"


def test_an_asset_without_a_compressed_copy_comes_raw(client: TestClient) -> None:
    answer = client.get("/graphiql/assets/font-1.ttf", headers={"Accept-Encoding": "br"})

    assert answer.content == b"font"
    assert answer.headers["content-type"] == "font/ttf"
    assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accept_encoding", "accepted"),
    [
        ("br", True),
        ("gzip, deflate, br, zstd", True),
        ("gzip;q=0.5, BR;q=0.1", True),
        ("br;q=0", False),
        ("br; q=0.00", False),
        ("gzip, brotli", False),
        ("", False),
    ],
)
def test_brotli_is_sent_only_to_who_names_it(accept_encoding: str, accepted: bool) -> None:
    assert accepts_brotli(accept_encoding) is accepted


@pytest.mark.parametrize("path", ["/graphiql", f"/graphiql/{SCRIPT}"])
def test_head_answers_as_get_without_a_body(client: TestClient, path: str) -> None:
    headers = {"Accept-Encoding": "identity"}
    head, get = client.head(path, headers=headers), client.get(path, headers=headers)

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


@pytest.mark.parametrize(
    "name",
    [
        "none.js",
        "",
        "%2e%2e",
        "index-0a1b2c3d.js.br",
        "../index.html",
        "..%2Findex.html",
        "..%2F..%2Fowner.token",
        "%2e%2e/%2e%2e/owner.token",
        "..%5C..%5Cowner.token",
        "%2Fetc%2Fpasswd",
        "index-0a1b2c3d.js%00.js",
        "%0Aindex-0a1b2c3d.js",
        ".hidden.js",
    ],
)
def test_nothing_but_an_asset_is_served(client: TestClient, directory: Path, name: str) -> None:
    (directory / "assets" / ".hidden.js").write_text("hidden")

    answer = client.get(f"/graphiql/assets/{name}")

    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_link_out_of_the_folder_is_not_followed(client: TestClient, directory: Path) -> None:
    (directory / "assets" / "linked.js").symlink_to(directory.parent / "owner.token")

    assert client.get("/graphiql/assets/linked.js").status_code == 404


def test_only_reading_is_allowed(client: TestClient) -> None:
    assert client.post("/graphiql").status_code == 405


def test_before_it_is_built_the_page_says_how_and_needs_no_restart(tmp_path: Path) -> None:
    client = TestClient(Starlette(routes=graphiql_routes(tmp_path / "graphiql")))

    answer = client.get("/graphiql")

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "make dashboard" in answer.text
    assert client.get(f"/graphiql/{SCRIPT}").status_code == 404

    (tmp_path / "graphiql").mkdir()
    (tmp_path / "graphiql" / "index.html").write_text("now there")
    assert client.get("/graphiql").text == "now there"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A front end whose build is one line of node."""
    dashboard = tmp_path / "dashboard"
    dashboard.mkdir()
    (dashboard / "package.json").write_text('{"name": "front-end"}')
    (dashboard / "node_modules").mkdir()
    return dashboard


def test_without_node_one_sentence_says_what_to_do_and_nothing_fails(tmp_path: Path) -> None:
    """Run as make runs it, with an empty PATH, on a tree that has no built files."""
    checkout = tmp_path / "checkout"
    (checkout / "dashboard").mkdir(parents=True)
    package = checkout / "pinmark"
    package.mkdir()
    for module in ("__init__", "static_build", "static_files"):
        original = Path(static_build.__file__).with_name(f"{module}.py")
        (package / original.name).write_bytes(original.read_bytes())

    finished = subprocess.run(
        [sys.executable, "-m", "pinmark.static_build"],
        cwd=checkout,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert finished.stdout == (
        "GraphiQL: not built, node and npm are not there: "
        "install node 20.19 or later, then `make dashboard`.\n"
    )
    assert finished.stderr == ""


def test_an_installed_package_has_nothing_to_build(tmp_path: Path) -> None:
    assert static_build.build(tmp_path / "none", tmp_path / "target") == (
        "GraphiQL: nothing to build, this is not a checkout."
    )


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a ``node`` and an ``npm`` that write down how they were called, and build."""
    folder = tmp_path / "bin"
    folder.mkdir()
    _script(folder / "node", "echo v20.19.0")
    _script(
        folder / "npm",
        'echo "$*" >> "$0.calls"; mkdir -p dist/graphiql dist/docs;'
        " echo built > dist/graphiql/index.html; echo built > dist/docs/index.html",
    )
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def test_it_is_built_again_only_when_an_input_changed(
    source: Path, commands: Path, tmp_path: Path
) -> None:
    target = tmp_path / "static"

    assert static_build.build(source, target) == "GraphiQL: built."
    for part in static_build.PARTS:
        assert (target / part / "index.html").read_text() == "built\n"

    (source / "node_modules" / "installed.js").write_text("no input")
    assert static_build.build(source, target) == "GraphiQL: up to date."

    (source / "package.json").write_text('{"name": "changed"}')
    assert static_build.build(source, target) == "GraphiQL: built."
    calls = (commands / "npm.calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["ci", "run", "ci", "run"]


def test_a_failed_build_says_what_npm_said_and_leaves_the_old_one(
    source: Path, commands: Path, tmp_path: Path
) -> None:
    target = tmp_path / "static"
    static_build.build(source, target)
    (source / "package.json").write_text("broken")
    _script(commands / "npm", "echo no such package; exit 1")

    with pytest.raises(static_build.BuildFailed, match="no such package"):
        static_build.build(source, target)

    for part in static_build.PARTS:
        assert (target / part / "index.html").read_text() == "built\n"


def test_a_node_too_old_is_named(source: Path, commands: Path, tmp_path: Path) -> None:
    _script(commands / "node", "echo v18.20.4")

    assert "node v18.20.4 is too old: install node 20.19" in static_build.build(
        source, tmp_path / "target"
    )


def test_the_lock_file_names_no_address_of_a_registry() -> None:
    lock = static_build.DASHBOARD / "package-lock.json"

    assert '"resolved"' not in lock.read_text()
