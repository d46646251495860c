"""The insight room."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "akrab.insight"
    label = "insight"
