"""Who will speak at an event, and what they agreed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.core.crypto import SealedTextField
from coalition.personal_data.fields import OutsidersTextField
from events.core.models.event import Event


class EventSpeaker(models.Model):
    """Somebody who will speak at an event. `name`, `role`, `topic`: what those who prepare it wrote.

    `named`, `pictured`, `recorded`: what the person agreed to, each apart, by the link in a mail; none before
    `answered_at`. `public_name` and `public_role` are as they want them written, and the only words of them
    that leave the workspace. Everything of a person is sealed; of the link the database keeps a hash.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    name = OutsidersTextField(_("name"))
    role = OutsidersTextField(_("who they are"), blank=True)
    topic = OutsidersTextField(_("what they speak about"), blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)  # of Language
    address = OutsidersTextField(_("e-mail"), blank=True)
    writes_in = models.CharField(_("we write to them in"), max_length=5, choices=Language)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    named = models.BooleanField(_("named"), default=False)
    pictured = models.BooleanField(_("photographed"), default=False)
    recorded = models.BooleanField(_("recorded and streamed"), default=False)
    public_name = SealedTextField(_("name as it is to be written"), blank=True)
    public_role = SealedTextField(_("who they are, as it is to be written"), blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"speaker {self.uuid}"  # ends up in logs: never the name
