"""Consent: the purposes that we ask for, their wordings, and the events that grant and withdraw."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from akrab.platform.ids import new_id


class Channel(models.TextChoices):
    """A way to reach somebody."""

    EMAIL = "email", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("Phone")
    POST = "post", _("Post")
    PUSH = "push", _("Push message")


class Purpose(models.Model):
    """What personal data are used for, and the legal basis of that use (UU 27/2022, article 20)."""

    class Basis(models.TextChoices):
        CONSENT = "consent", _("Consent")
        CONTRACT = "contract", _("Contract")
        LEGAL = "legal_obligation", _("Legal obligation")
        VITAL = "vital_interest", _("Vital interest")
        PUBLIC = "public_interest", _("Public interest")
        LEGITIMATE = "legitimate_interest", _("Legitimate interest")

    code = models.CharField(max_length=40, primary_key=True)
    name_en = models.CharField(max_length=100)
    name_id = models.CharField(max_length=100)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.CONSENT)
    is_active = models.BooleanField(default=True)
    place = models.SmallIntegerField(default=100)

    class Meta:
        constraints = [models.CheckConstraint(name="customers_purpose_named", condition=~Q(name_en="") & ~Q(name_id=""))]

    def __str__(self) -> str:
        return self.name_id if (get_language() or "").startswith("id") else self.name_en


class Wording(models.Model):
    """The sentence that people agreed to: one version of a purpose's text in one language. Never changed, only followed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="wordings")
    version = models.IntegerField()
    language = models.CharField(max_length=5)
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_wording_once", fields=["purpose", "version", "language"]),
            models.CheckConstraint(name="customers_wording_says_something", condition=~Q(text="")),
        ]


class ConsentEvent(models.Model):
    """A customer granted or withdrew consent for one channel and purpose, with the proof; a trigger refuses changes."""

    class State(models.TextChoices):
        GRANTED = "granted", _("Granted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=10, choices=Channel)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=60, blank=True, default="")
    source_key = models.CharField(max_length=200, blank=True, default="")
    evidence = models.CharField(max_length=500, blank=True, default="")
    wording_version = models.IntegerField(null=True)
    wording_language = models.CharField(max_length=5, blank=True, default="")
    where = models.CharField(max_length=300, blank=True, default="")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=60)
    actor_label = models.CharField(max_length=200)
    entrance = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="customers_consent_once", fields=["source", "source_key"], condition=~Q(source_key="")),
            models.CheckConstraint(name="customers_consent_proven", condition=~Q(state="granted") | ~Q(evidence="")),
            models.CheckConstraint(name="customers_consent_channel", condition=Q(channel__in=Channel.values)),
        ]
        indexes = [
            models.Index("customer", "channel", "purpose", F("at").desc(), F("id").desc(), name="customers_consent_latest"),
        ]
