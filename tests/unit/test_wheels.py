"""A wheel that would leave a browser without its pages is found out."""

from pathlib import Path
from zipfile import ZipFile

from tests.support.wheels import faults_of

APP, GRAPHIQL = "pinmark/static/app", "pinmark/static/graphiql"
GOOD = {
    "pinmark/static/documents.json": "{}",
    f"{APP}/index.html": '<script type="module" src="/assets/index-1.js"></script>',
    f"{APP}/assets/index-1.js": "",
    f"{APP}/assets/index-1.js.br": "",
    f"{GRAPHIQL}/index.html": '<script type="module" src="/graphiql/assets/main-1.js"></script>',
    f"{GRAPHIQL}/assets/main-1.js": "",
    f"{GRAPHIQL}/assets/main-1.js.br": "",
}


def wheel_of(folder: Path, files: dict[str, str]) -> Path:
    wheel = folder / "pinmark-1-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


def test_a_whole_wheel_has_no_fault(tmp_path: Path) -> None:
    assert faults_of(wheel_of(tmp_path, GOOD)) == []


def test_every_file_that_a_page_needs_is_missed(tmp_path: Path) -> None:
    for absent in GOOD:
        files = {name: text for name, text in GOOD.items() if name != absent}

        assert faults_of(wheel_of(tmp_path, files)) == [f"{absent} is missing"]


def test_a_page_without_a_script_is_a_fault(tmp_path: Path) -> None:
    page = f"{APP}/index.html"

    assert faults_of(wheel_of(tmp_path, GOOD | {page: "<p>"})) == [f"{page} loads no script"]
