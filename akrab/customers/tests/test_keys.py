"""Normal forms: many ways to write one phone, mail address, company or domain (A2)."""

from __future__ import annotations

import pytest

from akrab.customers.queries.keys import company_key, domain_key, identifier_key

PHONES = {
    "+6281234567890": [
        "081234567890",
        "6281234567890",
        "+6281234567890",
        "+62 812 3456 7890",
        "0812-3456-7890",
        "(0812) 3456 7890",
        "+62-812-3456-7890",
        "62 812 3456 7890",
        "0812.3456.7890",
        " 081234567890 ",
        "0812/34567890",
    ],
    "+622112345678": ["(021) 12345678", "+62 21 1234 5678", "021-1234-5678"],
    "+6591234567": ["+65 9123 4567", "+65-91234567"],
}
MAILS = {
    "budi@contoh.co.id": [
        "budi@contoh.co.id",
        "BUDI@Contoh.CO.ID",
        "  budi@contoh.co.id ",
        "mailto:budi@contoh.co.id",
        "Budi Santoso <budi@contoh.co.id>",
        "Mailto:BUDI@contoh.co.id",
    ],
    "sari+kopi@gmail.com": ["sari+kopi@gmail.com", "SARI+KOPI@GMAIL.COM"],
}
COMPANIES = {
    "maju jaya": [
        "PT Maju Jaya",
        "PT. Maju Jaya",
        "Maju Jaya, PT",
        "MAJU JAYA TBK",
        "PT Maju Jaya Tbk.",
        "Maju-Jaya",
        "CV Maju Jaya",
        "PT. MAJU JAYA (Persero)",
        "Maju Jaya Ltd",
        "UD. Maju Jaya",
    ],
    "sinar dan rekan": ["PT Sinar & Rekan", "Sinar dan Rekan"],
    "cafe au lait": ["Café au Lait", "CAFE AU LAIT, PT"],
}
DOMAINS = {"contoh.co.id": ["contoh.co.id", "www.contoh.co.id", "https://www.Contoh.co.id/tentang", "http://contoh.co.id:8080"]}
NOBODY = {
    "phone": ["", "-", "0", "0000000000", "+000000000", "123", "tidak ada", "9999999999999999999", "11111111111"],
    "email": ["", "-", "budi", "budi@", "@contoh.co.id", "budi@contoh", "budi @contoh.co.id", "a@b.c, d@e.f"],
    "card": ["", "0", "none", "  ", "N/A"],
}


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(key, text) for key, texts in table.items() for text in texts]


@pytest.mark.parametrize(("key", "text"), pairs(PHONES))
def test_one_phone_has_one_key(key: str, text: str) -> None:
    assert identifier_key("phone", text) == key


@pytest.mark.parametrize(("key", "text"), pairs(MAILS))
def test_one_mail_address_has_one_key(key: str, text: str) -> None:
    assert identifier_key("email", text) == key


@pytest.mark.parametrize(("key", "text"), pairs(COMPANIES))
def test_one_company_has_one_key(key: str, text: str) -> None:
    assert company_key(text) == key


@pytest.mark.parametrize(("key", "text"), pairs(DOMAINS))
def test_one_domain_has_one_key(key: str, text: str) -> None:
    assert domain_key(text) == key


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NOBODY.items() for text in texts])
def test_blanks_zeros_and_nonsense_identify_nobody(kind: str, text: str) -> None:
    assert identifier_key(kind, text) is None


def test_a_card_number_is_the_same_with_spaces_and_small_letters() -> None:
    assert identifier_key("card", "ab 12-34") == identifier_key("card", "AB1234") == "AB1234"


def test_a_company_that_is_only_legal_forms_keeps_its_name() -> None:
    assert company_key("PT CV") == "pt cv"
