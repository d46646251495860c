"""Backup and restore bring back the same state, and refuse what they must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from akrab.platform.archiving import archive
from tests.kill.harness import receipts_file
from tests.kill.site import akrab, status

pytestmark = pytest.mark.xdist_group("kill")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    akrab(place, "import", "receipts", str(receipts_file(place / "receipts.csv", 200)), "--json")
    return place


def test_a_restored_home_has_the_same_state_hash(home: Path, tmp_path: Path) -> None:
    akrab(home, "backup", str(tmp_path / "all.tar.gz"), "--json")

    akrab(tmp_path / "other", "restore", str(tmp_path / "all.tar.gz"), "--json")

    assert status(home, "--state-hash")["state"]["receipts"]["rows"] == 200
    assert status(tmp_path / "other", "--state-hash")["state"] == status(home, "--state-hash")["state"]
    assert status(home)["last_backup"]["file"] == str(tmp_path / "all.tar.gz")


def test_the_key_is_kept_apart(home: Path, tmp_path: Path) -> None:
    made = json.loads(akrab(home, "backup", str(tmp_path / "all.tar"), "--json").stdout)

    about = archive.unpack(tmp_path / "all.tar", tmp_path / "unpacked")

    assert made["keys"] == str(tmp_path / "all.tar.keys")
    assert Path(made["keys"]).stat().st_mode & 0o777 == 0o600
    assert sorted(about["members"]) == ["database.dump"]
    assert not list((tmp_path / "unpacked").rglob("*.key"))


def test_a_home_with_data_is_not_replaced_without_force(home: Path, tmp_path: Path) -> None:
    akrab(home, "backup", str(tmp_path / "all.tar"))

    refused = akrab(home, "restore", str(tmp_path / "all.tar"), check=False)

    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert status(home, "--state-hash")["state"]["receipts"]["rows"] == 200


@pytest.mark.parametrize("change", ["cut", "changed"])
def test_a_damaged_backup_is_refused_and_nothing_changes(home: Path, tmp_path: Path, change: str) -> None:
    akrab(home, "backup", str(tmp_path / "all.tar"))
    data = bytearray((tmp_path / "all.tar").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "bad.tar").write_bytes(data if change == "changed" else data[: len(data) // 2])

    refused = akrab(home, "restore", str(tmp_path / "bad.tar"), "--force", check=False)

    assert refused.returncode == 1
    assert "not a complete Akrab backup" in refused.stderr
    assert status(home, "--state-hash")["state"]["receipts"]["rows"] == 200
