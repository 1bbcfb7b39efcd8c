"""Abstract base model of applications by people without an account."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.core.localized_text import content_languages
from coalition.personal_data.fields import OutsidersTextField


class Applicant(models.Model):
    """An application by a person without an account.

    `state` is a value of the subclass's TextChoices. `address` is encrypted and may be erased while
    `address_print` stays to find a second application: a keyed hash of the mailbox or of its owner
    (`Flow.prints`). `token_hash` belongs to the link in the mails. `day`: date of writing (local date of the
    site); retention needs no time, so neither a time is stored nor a UUID of version 7, which contains one.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    address = OutsidersTextField(_("e-mail"), blank=True)
    address_print = models.CharField(max_length=64, db_index=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=12, choices=content_languages)
    state = models.CharField(max_length=12)
    day = models.DateField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.uuid}"  # appears in logs: never an address
