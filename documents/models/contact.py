"""Outlets and their people. Referred to by UUID alone: they may live in a database of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.partners.enums import Language
from coalition.sealed import SealedTextField


class Outlet(models.Model):
    """A newspaper, station, site or channel, as one organisation knows it. `organisation`: its UUID."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.UUIDField(db_index=True, editable=False)
    name = SealedTextField(_("outlet"))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"outlet {self.uuid}"  # ends up in logs: never the name


class Contact(models.Model):
    """A person of an outlet: name, address and phone are sealed. Owned by the organisation (a UUID) that
    brought the contact; removed ones are kept empty, so that what refers to them still counts."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.UUIDField(db_index=True, editable=False)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="contacts")
    name = SealedTextField(_("name"))
    address = SealedTextField(_("e-mail"))
    phone = SealedTextField(_("phone"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"contact {self.uuid}"
