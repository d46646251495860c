"""The commerce room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommerceConfig(AppConfig):
    name = "akrab.commerce"
    label = "commerce"

    def ready(self) -> None:
        from akrab.commerce.queries.branches import branch_options  # noqa: PLC0415  models exist only now
        from akrab.commerce.queries.buyers import who_bought  # noqa: PLC0415
        from akrab.customers.public import buyers_are_known_by  # noqa: PLC0415
        from akrab.platform.rights.registry import unit_kind  # noqa: PLC0415

        buyers_are_known_by(who_bought)
        unit_kind("branch", title=_("Branches"), options=branch_options)
