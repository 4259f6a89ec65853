"""A page may send a document's id in place of its text."""

import json
import os
from pathlib import Path

import pytest

from pinmark import operations
from pinmark.documents import document_text
from pinmark.operations import BadOperation, UnknownDocument, read_operation

TEXT = "query Who { viewer { name } }"
ID = "sha256:0a"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({ID: TEXT}))

    def from_file(identity: str) -> str | None:
        return document_text(identity, file)

    monkeypatch.setattr(operations, "document_text", from_file)
    return file


def test_the_text_behind_an_id_is_run(file: Path) -> None:
    operation = read_operation({"documentId": ID, "variables": {"a": 1}})

    assert (operation.query, operation.variables) == (TEXT, {"a": 1})


def test_a_text_that_is_sent_counts_before_an_id(file: Path) -> None:
    assert read_operation({"query": "{ apps }", "documentId": ID}).query == "{ apps }"


@pytest.mark.parametrize("query", [{}, {"query": None}, {"query": ""}])
def test_an_id_of_another_build_is_told_apart_from_nonsense(
    file: Path, query: dict[str, object]
) -> None:
    with pytest.raises(UnknownDocument) as refused:
        read_operation({**query, "documentId": "sha256:0b"})

    assert refused.value.code == "DOCUMENT_UNKNOWN"
    with pytest.raises(BadOperation, match="query must be a string"):
        read_operation({"documentId": 1})


def test_another_build_needs_no_restart(file: Path) -> None:
    assert document_text("sha256:0b", file) is None
    file.write_text(json.dumps({"sha256:0b": TEXT}))
    os.utime(file, ns=(0, 0))

    assert document_text("sha256:0b", file) == TEXT


def test_a_server_without_a_dashboard_knows_no_document(tmp_path: Path) -> None:
    assert document_text(ID, tmp_path / "none.json") is None
