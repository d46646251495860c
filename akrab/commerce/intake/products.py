"""Files of products: saved by SKU, the last row of a SKU counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from akrab.commerce.operations.stocking import ProductRow, save_products
from akrab.commerce.queries.bounds import CATEGORY, NAME, SKU, OutOfBounds, check_text, minor
from akrab.commerce.queries.catalog import products_by_sku
from akrab.commerce.queries.customizing import PRODUCT
from akrab.commerce.queries.exports import PRODUCT_ROWS
from akrab.commerce.queries.skus import known_skus
from akrab.platform.customizing.fields import remembering
from akrab.platform.customizing.files import import_fields, said_in_file
from akrab.platform.customizing.writing import Read, read_values, taken
from akrab.platform.importing.cells import SEPARATOR
from akrab.platform.importing.earlier import Earlier
from akrab.platform.importing.kinds import Choice, Kind, register
from akrab.platform.importing.offering import currencies, usual_currency
from akrab.platform.importing.session import Session
from akrab.platform.importing.staging import Staging
from akrab.platform.refusal import Refusal
from akrab.platform.tabular.matching import Field
from akrab.platform.tabular.sentences import Sentence, gettext_noop

BATCH = 2000
FIELDS = (
    Field("sku", gettext_lazy("SKU"), "code"),
    Field("name", gettext_lazy("Name"), meaning="product", synonyms=("name", "nama")),
    Field("category", gettext_lazy("Category"), synonyms=("category", "kategori", "department", "product category name")),
    Field("price", gettext_lazy("Price"), "money"),
    Field("cost", gettext_lazy("Cost"), "money", ("cost", "cogs", "hpp", "modal", "harga pokok", "harga beli")),
    Field("currency", gettext_lazy("Currency"), "code"),
)


def lacking(fields: frozenset[str]) -> str:
    """What a mapping must still name before products can be made of the rows."""
    return "" if "sku" in fields else gettext_noop("Say which column holds the SKU of the product.")


def take_products(session: Session) -> None:
    """Create products, or change those whose SKU is known; blank cells leave what is known."""
    with remembering():
        _take(session)


def _take(session: Session) -> None:
    staging = Staging(session, {one.name: one.kind for one in PRODUCTS.all_fields})
    for batch in session.batches():
        staging.add(batch)
    earlier = Earlier(session)
    tally: Counter[str] = Counter()
    for part in staging.parts(BATCH):
        rows = [(row, _said(staging, text)) for row, text in part]
        before = earlier.before((row, [_sku(said)]) for row, said in rows if _sku(said))
        with session.batch():
            if before:
                _again(session, [_said(staging, text) for text in before])
            _save(session, rows, tally)
        session.progress.tick()
    session.details["products"] = {name: tally[name] for name in ("created", "updated", "unchanged")}
    session.details["unused_columns"] = session.unused_columns()


def _said(staging: Staging, text: str) -> dict[str, str]:
    return dict(zip(staging.names, text.split(SEPARATOR), strict=True))


def _save(session: Session, texts: list[tuple[int, dict[str, str]]], tally: Counter[str]) -> None:
    rows: dict[str, ProductRow] = {}
    known = _known(session, [said for _row, said in texts])
    added = _added(session, [said for _row, said in texts])
    for (row, said), custom in zip(texts, added, strict=True):
        sku = _sku(said)
        if custom.wrong:
            session.fail(row)
            for name, sentence in custom.wrong.items():
                session.note(row, sentence, session.column_of(name))
            continue
        try:
            product = _product(session, said, known.get(sku), rows.get(sku), custom.values)
        except OutOfBounds as problem:
            session.reject(row, problem.sentence)
            continue
        except Refusal as refusal:
            session.reject(row, refusal.sentence, session.column_of("currency"))
            continue
        if not sku:
            session.reject(row, Sentence(gettext_noop("The row has no SKU.")), session.column_of("sku"))
        elif not _wanted(session, sku, known):
            session.count("skipped")
        else:
            if sku in rows:
                session.count("skipped")
            rows[sku] = product
    saved = {fact.sku: fact for fact in save_products(by=session.by, products=list(rows.values()), at=session.at)}
    for sku in rows:
        fact = saved.get(sku)
        outcome = "unchanged" if fact is None else "created" if fact.created else "updated"
        tally[outcome] += 1
        session.count(outcome)


def _again(session: Session, texts: list[dict[str, str]]) -> None:
    """Save earlier rows of a dry run once more; they are counted already."""
    rows: dict[str, ProductRow] = {}
    known = _known(session, texts)
    for said, custom in zip(texts, _added(session, texts), strict=True):
        sku = _sku(said)
        if _wanted(session, sku, known):
            with suppress(Refusal):
                rows[sku] = _product(session, said, known.get(sku), rows.get(sku), custom.values)
    save_products(by=session.by, products=list(rows.values()), at=session.at)


def _known(session: Session, texts: list[dict[str, str]]) -> dict[str, str]:
    return known_skus(by=session.by, skus=[_sku(said) for said in texts])


def _added(session: Session, texts: list[dict[str, str]]) -> list[Read]:
    """What the rows say of custom fields; blank cells say nothing."""
    zone = session.by.zone
    said = [said_in_file(PRODUCT, {name: value for name, value in one.items() if value}, zone=zone) for one in texts]
    read = read_values(PRODUCT, said, by=session.by)
    ids = products_by_sku(by=session.by, skus=[_sku(one) for one in texts])
    for one, errors in zip(
        read, taken(PRODUCT, list(zip(map(ids.get, map(_sku, texts)), [one.values for one in read], strict=True))), strict=True
    ):
        one.wrong |= errors
    return read


def _wanted(session: Session, sku: str, known: Mapping[str, str]) -> bool:
    return session.mode == "upsert" or (session.mode == "update") == (sku in known)


def _sku(said: dict[str, str]) -> str:
    return said.get("sku", "")


def _product(
    session: Session, said: dict[str, str], known: str | None, before: ProductRow | None, custom: Mapping[str, Any]
) -> ProductRow:
    """What a row says of its product over what an earlier row of the same batch said."""
    currency = said.get("currency", "").upper() or session.setting("currency") or settings.CURRENCY
    sku, category = _sku(said), said.get("category", "")
    check_text(sku, SKU)
    check_text(category, CATEGORY)
    cost = _minor(said.get("cost", ""), currency)
    if cost is not None and cost < 0:
        raise OutOfBounds(gettext_noop("The cost %(cost)s is below zero."), cost=said["cost"])
    row = ProductRow(
        sku=sku,
        name=(said.get("name") or (before.name if before else known) or sku)[:NAME],
        currency=currency,
        category=category,
        price=_minor(said.get("price", ""), currency),
        cost=cost,
        custom=custom,
    )
    if before is None:
        return row
    return replace(
        row,
        category=row.category or before.category,
        price=before.price if row.price is None else row.price,
        cost=before.cost if row.cost is None else row.cost,
        custom={**before.custom, **custom},
    )


def _minor(text: str, currency: str) -> int | None:
    return minor(Decimal(text), currency) if text else None


PRODUCTS = register(
    Kind(
        name="products",
        label=gettext_lazy("Products"),
        may="commerce.record_receipts",
        fields=FIELDS,
        more=lambda: import_fields(PRODUCT),
        settings=(
            Choice("currency", gettext_lazy("Currency, when no column says it"), offers=currencies, usual=usual_currency),
            Choice("source", gettext_lazy("Name of the system that the file comes from"), rare=True),
        ),
        needs=lacking,
        take=take_products,
        export=PRODUCT_ROWS,
    )
)
