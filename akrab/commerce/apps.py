"""The commerce room."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "akrab.commerce"
    label = "commerce"

    def ready(self) -> None:
        from akrab.commerce.queries.buyers import who_bought  # noqa: PLC0415  models exist only now
        from akrab.customers.public import buyers_are_known_by  # noqa: PLC0415

        buyers_are_known_by(who_bought)
