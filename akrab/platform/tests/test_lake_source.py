"""The analytical engine reaches PostgreSQL with whatever the connection says, and keeps its password to itself."""

from __future__ import annotations

import duckdb
import pytest
from django.db import connection

from akrab.platform.lake import source

pytestmark = pytest.mark.django_db
PASSWORD = 'pa ss\'wd \\ "x"'


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What Django connects with, which a test may change."""
    params = {**connection.get_connection_params(), "password": PASSWORD}
    monkeypatch.setattr(connection, "get_connection_params", lambda: params)
    return params


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    if not source.load_scanner(made):
        pytest.skip("the extension for PostgreSQL is not made for this DuckDB")
    return made


def test_a_password_with_spaces_and_quotes_connects(told: dict[str, object], con: duckdb.DuckDBPyConnection) -> None:
    source.attach(con)

    assert con.execute("FROM postgres_query('pg', 'SELECT 1')").fetchall() == [(1,)]


def test_every_option_of_the_connection_is_used(told: dict[str, object], con: duckdb.DuckDBPyConnection) -> None:
    told |= {"sslmode": "disable", "sslrootcert": "/certs/our root.pem", "application_name": "lake", "prepare_threshold": None}

    source.attach(con)

    assert "sslrootcert='/certs/our root.pem'" in source._conninfo()
    assert con.execute("FROM postgres_query('pg', $$SELECT current_setting('application_name')$$)").fetchall() == [("lake",)]


def test_what_goes_wrong_is_said_without_the_password(told: dict[str, object], con: duckdb.DuckDBPyConnection) -> None:
    told |= {"host": "/nowhere"}

    with pytest.raises(source.Unreachable) as said:
        source.attach(con)

    assert "/nowhere" in str(said.value)
    assert "pa ss" not in str(said.value)
    assert said.value.__suppress_context__
