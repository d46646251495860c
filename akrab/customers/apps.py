"""The customers room."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "akrab.customers"
    label = "customers"
