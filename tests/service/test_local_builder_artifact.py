"""Packing and unpacking: the same bytes for the same files, and nothing but files."""

import io
import os
import tarfile
from pathlib import Path
from threading import Event

import pytest

from services.local_builder import BadArtifact, pack, unpack
from tests.support.building import write

MUCH = 10**9


def packed(root: Path, into: Path, *, most: int = MUCH) -> bytes:
    pack({"code": root}, into, most=most, stop=Event())
    return into.read_bytes()


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    write({"a/b.txt": "text", "run.sh": "#!/bin/sh\n"}, tmp_path / "code")
    (tmp_path / "code" / "run.sh").chmod(0o755)
    (tmp_path / "code" / "link").symlink_to("a/b.txt")
    packed(tmp_path / "code", tmp_path / "artifact")

    unpack(tmp_path / "artifact", tmp_path / "again")

    again = tmp_path / "again" / "code"
    assert (again / "link").readlink() == Path("a/b.txt")
    assert (again / "a" / "b.txt").read_text() == "text"
    assert os.access(again / "run.sh", os.X_OK)


def test_times_owners_and_modes_of_the_day_do_not_matter(tmp_path: Path) -> None:
    write({"b": "1", "a": "2"}, tmp_path / "one")
    write({"a": "2", "b": "1"}, tmp_path / "two")
    (tmp_path / "two" / "a").chmod(0o600)
    os.utime(tmp_path / "two" / "a", (1, 1))

    assert packed(tmp_path / "one", tmp_path / "x") == packed(tmp_path / "two", tmp_path / "y")


def test_a_package_lists_no_file_that_was_left_out(tmp_path: Path) -> None:
    record = "app.py,sha256=x,1\n__pycache__/app.pyc,,\napp.dist-info/uv_cache.json,sha256=y,2\n"
    files = {"app.dist-info/RECORD": record, "app.dist-info/uv_cache.json": "{}", "app.py": ""}
    write(files, tmp_path / "code")
    packed(tmp_path / "code", tmp_path / "artifact")

    unpack(tmp_path / "artifact", tmp_path / "again")

    listed = tmp_path / "again" / "code" / "app.dist-info" / "RECORD"
    assert listed.read_text() == "app.py,sha256=x,1\n"
    assert not listed.with_name("uv_cache.json").exists()


def test_a_device_or_a_pipe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    os.mkfifo(tmp_path / "code" / "pipe")

    with pytest.raises(BadArtifact, match="code/pipe is neither"):
        packed(tmp_path / "code", tmp_path / "artifact")

    assert not (tmp_path / "artifact").exists()


def test_too_much_is_refused(tmp_path: Path) -> None:
    write({"a": "12345"}, tmp_path / "code")

    with pytest.raises(BadArtifact, match="it holds more than 4 bytes"):
        packed(tmp_path / "code", tmp_path / "artifact", most=4)


def test_a_tree_without_end_is_refused(tmp_path: Path) -> None:
    write({f"{'d/' * 300}a": ""}, tmp_path / "code")

    with pytest.raises(BadArtifact, match="too deep"):
        packed(tmp_path / "code", tmp_path / "artifact")


@pytest.mark.parametrize("name", ["../out", "/out", "link/out"])
def test_an_entry_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
    with tarfile.open(tmp_path / "artifact", "w:gz") as archive:
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo(name), io.BytesIO())

    with pytest.raises(BadArtifact):
        unpack(tmp_path / "artifact", tmp_path / "into")

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kept", [0, 10, 60], ids=["empty", "head", "torn"])
def test_an_artifact_that_is_damaged_is_told_so(tmp_path: Path, kept: int) -> None:
    write({"a.txt": "text" * 100}, tmp_path / "code")
    whole = packed(tmp_path / "code", tmp_path / "artifact")
    (tmp_path / "artifact").write_bytes(whole[:kept])

    with pytest.raises(BadArtifact, match="damaged"):
        unpack(tmp_path / "artifact", tmp_path / "again")
