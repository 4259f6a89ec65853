"""The documents are true where a program can tell: links lead somewhere, settings exist."""

import re
from pathlib import Path

import pytest

from pinmark.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|<img[^>]+src=\"([^\"]+)\"")
SETTING = re.compile(r"PINMARK_[A-Z_]+")
OUTSIDE_SETTINGS = {"PINMARK_SKIP_DASHBOARD", "PINMARK_TEST_DATABASE_URL", "PINMARK_URL"}
"""Read by the front-end build and by tests, not by the server."""


def relative_links(document: Path) -> list[str]:
    found = (first or second for first, second in LINK.findall(document.read_text()))
    return [link for link in found if "://" not in link and not link.startswith("mailto:")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    missing = [link for link in relative_links(document) if not (document.parent / link).exists()]

    assert missing == []


def test_operations_lists_exactly_the_settings_that_exist() -> None:
    listed = set(SETTING.findall((ROOT / "docs" / "operations.md").read_text()))
    existing = {f"PINMARK_{name.upper()}" for name in Settings.model_fields}

    assert listed - OUTSIDE_SETTINGS == existing
