"""Subscribers of news by mail: an encrypted address, and the topics."""

import uuid

from django.db import models

from coalition.accounts.enums import Language
from coalition.personal_data.fields import OutsidersTextField


class NewsByMail(models.Model):
    """One address that gets the news of one language; confirmed by a link before any news is sent.

    `topics`: translation keys of the chosen topics, none for all. The row is deleted when the
    person unsubscribes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = OutsidersTextField()
    address_print = models.CharField(max_length=64)  # a keyed hash, to find the same address again
    language = models.CharField(max_length=2, choices=Language)
    topics = models.JSONField(default=list, blank=True)
    token = OutsidersTextField()  # opens the page for confirming, changing and unsubscribing
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_print", "language"], name="news_by_mail_once")
        ]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.language})"
