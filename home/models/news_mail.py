"""People who asked for news by mail: an address that is sealed, and what they asked for."""

import uuid

from django.db import models

from coalition.accounts.enums import Language
from coalition.personal_data.fields import OutsidersTextField


class NewsByMail(models.Model):
    """One address that gets the news of one language; confirmed by a link before anything is sent to it.

    `topics`: translation keys of the topics it wants, none for everything. The row goes when the person
    ends it: nothing of them stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = OutsidersTextField()
    address_print = models.CharField(max_length=64)  # a keyed hash: the same address is found again
    language = models.CharField(max_length=2, choices=Language)
    topics = models.JSONField(default=list, blank=True)
    token = OutsidersTextField()  # opens the page on which it is confirmed, changed and ended
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_print", "language"], name="news_by_mail_once")
        ]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.language})"
