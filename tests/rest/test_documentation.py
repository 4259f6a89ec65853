"""The page of the REST API: of our own origin alone, and honest when it is not built."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from pinmark.rest.documentation import documentation_routes


def client(directory: Path) -> TestClient:
    return TestClient(Starlette(routes=documentation_routes(directory)))


def test_the_page_that_is_not_built_names_the_command(tmp_path: Path) -> None:
    response = client(tmp_path).get("/v1/docs")
    assert response.status_code == 503
    assert "make dashboard" in response.text
    assert response.headers["cache-control"] == "no-store"


def test_the_page_and_its_files_may_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "index-1.js").write_text("1")
    for path in ("/v1/docs", "/v1/docs/", "/v1/docs/assets/index-1.js"):
        response = client(tmp_path).get(path)
        assert response.status_code == 200
        policy = response.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert policy.startswith("default-src 'none'")
        assert not {"unsafe-eval", "http", "*"} & set(policy.replace(";", "").split())
    assert client(tmp_path).get("/v1/docs/assets/index.html").status_code == 404
