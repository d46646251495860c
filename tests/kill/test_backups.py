"""Backup and restore bring back the same state, and refuse what they must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from akrab.platform.archiving import archive
from tests.kill.harness import receipts_files
from tests.kill.site import akrab, status


@pytest.mark.xdist_group("kill")
def test_a_restored_home_has_the_same_state_hash(folder: Path) -> None:
    home, other, file = folder / "home", folder / "other", folder / "all.tar.gz"
    akrab(home, "import", "receipts", str(receipts_files(folder, 200)[1]), "--json")

    made = json.loads(akrab(home, "backup", str(file), "--json").stdout)
    akrab(other, "restore", str(file), "--json")
    before, after = status(home, "--state-hash"), status(other, "--state-hash")
    refused = akrab(other, "restore", str(file), check=False)

    assert before["state"]["receipts"]["rows"] == 200
    assert after["state"] == before["state"]
    assert before["last_backup"]["sha256"] == made["sha256"]
    assert (refused.returncode, "--force" in refused.stderr) == (1, True)
    assert Path(made["keys"]).stat().st_mode & 0o777 == 0o600
    assert sorted(archive.unpack(file, folder / "unpacked")["members"]) == ["database.dump"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small archive with one file."""
    (tmp_path / "page.txt").write_text("words " * 2000)
    with archive.writing(tmp_path / "all.tar") as writer:
        writer.add(tmp_path / "page.txt", "files/page.txt")
        writer.finish({"made_at": "2026-11-22"})
    return tmp_path / "all.tar"


def test_an_archive_gives_back_what_went_in(file: Path, tmp_path: Path) -> None:
    about = archive.unpack(file, tmp_path / "out")

    assert about["made_at"] == "2026-11-22"
    assert (tmp_path / "out/files/page.txt").read_text() == "words " * 2000


@pytest.mark.parametrize("change", ["cut", "changed", "not a tar"])
def test_a_damaged_archive_is_refused(file: Path, tmp_path: Path, change: str) -> None:
    data = bytearray(file.read_bytes())
    data[6000] ^= 0xFF
    damaged = {"cut": bytes(data[: len(data) // 2]), "changed": bytes(data), "not a tar": b"hello" * 1000}
    file.write_bytes(damaged[change])

    with pytest.raises(archive.NotABackup):
        archive.unpack(file, tmp_path / "out")


def test_an_archive_that_fails_half_way_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), archive.writing(tmp_path / "all.tar") as writer:
        writer.finish({"pages": 1 // 0})

    assert list(tmp_path.iterdir()) == []
