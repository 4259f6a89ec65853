"""``/graphiql``: what its routes serve."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pinmark.static_files import accepts_brotli
from pinmark.static_routes import graphiql_routes

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
