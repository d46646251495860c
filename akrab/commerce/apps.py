"""The commerce room."""

from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "akrab.commerce"
    label = "commerce"
