"""The refresh that jobs start, as the program of its own that it is."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from akrab.insight.facts import RefreshRequested
from akrab.insight.jobs import refresh_on_request
from akrab.insight.models import PreparedReport
from akrab.insight.operations.refreshing import PREPARED
from akrab.platform.tests.factories import NOON, facts_recorded


@pytest.mark.django_db(transaction=True)
def test_several_requests_make_one_refresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AKRAB_LAKE_URL", str(tmp_path))

    refresh_on_request([RefreshRequested(refresh_id=UUID(int=number), requested_at=NOON) for number in (1, 2)])

    assert facts_recorded("insight") == ["insight.refreshed"]
    assert PreparedReport.objects.count() == len(PREPARED)
    assert (tmp_path / "manifest.json").exists()
