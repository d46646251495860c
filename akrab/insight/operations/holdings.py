"""What insight holds about a customer: prepared reports that list them; models and the lake follow the database."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from akrab.platform.holdings import Erasing, Gone, Holding, Rows, count_of, holds, rows_of


def read_reports(customer_id: UUID) -> Rows:
    return rows_of(
        "SELECT name, variant, as_of FROM insight_preparedreport WHERE position(%s IN content::text) > 0 ORDER BY name, variant",
        [str(customer_id)],
    )


def erase_reports(erasing: Erasing) -> Gone:
    return Gone(
        removed=count_of(
            "DELETE FROM insight_preparedreport WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) AS t(text) "
            "WHERE position(t.text IN content::text) > 0)",
            [[str(erasing.customer_id), *erasing.texts]],
        )
    )


holds(
    Holding(
        "insight.reports",
        _("Prepared reports"),
        ("insight_preparedreport",),
        read_reports,
        erase_reports,
        keeps=_("The next refresh makes the reports again, without the person."),
        order=10,
    )
)
