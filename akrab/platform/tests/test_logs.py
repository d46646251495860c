"""Logs say what happened without saying to whom."""

from __future__ import annotations

from akrab.platform.logs import HIDDEN, redacted, without_secrets


def test_secrets_are_hidden_by_name() -> None:
    event = without_secrets(None, "info", {"event": "x", "api_key": "abc", "session_token": "def", "email": "a@b.co"})

    assert event == {"event": "x", "api_key": HIDDEN, "session_token": HIDDEN, "email": HIDDEN}


def test_addresses_and_numbers_in_sentences_are_hidden() -> None:
    assert redacted("mail to ann@x.co from +62 812 3456 7890 failed") == f"mail to {HIDDEN} from {HIDDEN} failed"


def test_the_values_of_a_violated_key_are_hidden() -> None:
    said = "duplicate key: Key (kind, value)=(card, Jo Ann) already exists."

    assert redacted(said) == f"duplicate key: Key (kind, value)=({HIDDEN}) already exists."


def test_ids_and_times_stay_readable() -> None:
    said = "01a20197-e183-7000-9b89-49f8ef08f5cb at 2026-11-22T04:53:26.798"

    assert redacted(said) == said
