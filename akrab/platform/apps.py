"""The platform room: kernel and shared furniture."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "akrab.platform"
    label = "platform"
