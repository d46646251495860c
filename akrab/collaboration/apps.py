"""The collaboration room."""

from importlib import import_module

from django.apps import AppConfig


class CollaborationConfig(AppConfig):
    name = "akrab.collaboration"
    label = "collaboration"

    def import_models(self) -> None:
        """The tables stand in several files; Django itself looks into one module only."""
        for part in ("tasks", "notes", "activities", "notices", "calendars", "approvals"):
            import_module(f"{self.name}.models.{part}")
        super().import_models()
