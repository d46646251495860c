"""The customers room."""

from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "akrab.customers"
    label = "customers"

    def import_models(self) -> None:
        """Some tables have files of their own; Django itself looks into one module only."""
        super().import_models()
        for part in ("consent", "privacy", "identity", "duplicates"):
            import_module(f"{self.name}.tables.{part}")
