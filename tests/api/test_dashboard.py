"""The dashboard's own addresses answer its page; no other address does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models.app import NAME_PATTERN
from pinmark.app import create_app
from pinmark.settings import Settings
from pinmark.static_routes import dashboard_routes
from services.addresses import OURS, app_page

ROOT = Path(__file__).parents[2]
SCRIPT = "assets/index-0a1b2c3d.js"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    built = tmp_path / "app"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<title>Pinmark</title>")
    (built / "favicon.svg").write_text("<svg/>")
    (built / SCRIPT).write_text("console.log('raw')")
    return TestClient(Starlette(routes=dashboard_routes(built)))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/apps",
        "/login",
        "/support-triage",
        "/support-triage/e/staging/deployments?status=failed",
        "/support-triage/e/prod/deployments/RGVwbG95bWVudDox",
        "/support-triage/compare/dev...prod",
        "/support-triage/settings/api-keys?env=prod",
        "/support-triage/audit",
        "/a/support-triage/e/prod/deployments",
    ],
)
def test_each_screen_is_the_page_and_checked_anew_at_each_visit(
    client: TestClient, path: str
) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.text) == (200, "<title>Pinmark</title>")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/e/none",
        "/graphql/e/x",
        "/webhooks/audit",
        "/healthz/audit",
        "/assets/none.js",
        "/assets/..%2Findex.html",
        "/support-triage/none",
        "/Support",
        "/.well-known",
        "/robots.txt",
    ],
)
def test_an_address_that_is_no_screen_is_absent(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nothing_runs_in_the_page_but_its_own_scripts(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"].split("; ")

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types 'none'" in policy
    assert "unsafe" not in " ".join(policy)


def test_an_asset_may_be_kept_for_ever(client: TestClient) -> None:
    answer = client.get(f"/{SCRIPT}")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/favicon.svg").headers["content-type"].startswith("image/svg+xml")


def test_before_it_is_built_the_page_names_the_command(tmp_path: Path) -> None:
    client = TestClient(Starlette(routes=dashboard_routes(tmp_path / "none")))

    answer = client.get("/support-triage")

    assert answer.status_code == 503
    assert "make dashboard" in answer.text


@pytest.mark.parametrize("name", sorted(OURS))
def test_an_app_with_the_name_of_one_of_our_addresses_has_its_pages_all_the_same(
    client: TestClient, name: str
) -> None:
    assert app_page(name) == f"/a/{name}"

    for path in ("", "/e/prod/deployments", "/compare/dev...prod", "/settings/api-keys", "/audit"):
        assert client.get(app_page(name) + path).text == "<title>Pinmark</title>"


def test_the_dashboard_links_as_the_server_does() -> None:
    written = (ROOT / "dashboard/app/shell/address.ts").read_text()
    (names,) = re.findall(r"const OURS = new Set\(\[(.*?)\]\)", written, re.DOTALL)

    assert set(re.findall(r"'(.+?)'", names)) == OURS


def test_no_address_of_ours_is_left_out(settings: Settings) -> None:
    """An app of that name would have no page."""
    in_pods = settings.model_copy(update={"runtime": "kubernetes"})  # has addresses of its own
    paths = (getattr(route, "path", "") for route in create_app(in_pods, url="").routes)
    first = {path.split("/")[1] for path in paths}

    assert {name for name in first if re.fullmatch(NAME_PATTERN, name)} == OURS
