"""The examples of the API guide work, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from akrab.platform.tests.programs import make_program

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
EXAMPLE = re.compile(r"<!-- example -->\n```http\n(\w+) (\S+)\n(.*?)```", re.DOTALL)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_example_is_taken(language: str) -> None:
    program = make_program("manager")
    examples = EXAMPLE.findall((GUIDE / language / "api.md").read_text())

    answers = [program.generic(method, path, body.encode(), "application/json") for method, path, body in examples]

    assert [one.status_code for one in answers] == [201, 201, 200, 201, 201, 200, 200, 200]
    assert answers[2].json()["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "skipped": 0, "error": 0}
    assert answers[3].json()["missing_total"] == "0.00"
    assert answers[5].json()["items"][0]["name"] == "Siti Aminah"
