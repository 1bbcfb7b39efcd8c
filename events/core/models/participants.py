"""Who stands behind an event, who is invited to it, and who reads a calendar of their own."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from events.core.enums import Answer, Audience, Consent
from events.core.models.event import Event


class CoHost(models.Model):
    """An organisation asked to host together. It is named nowhere before it consented."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="co_hosts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Consent, default=Consent.ASKED)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="one_co_host_an_organisation")
        ]

    def __str__(self) -> str:
        return f"co-host of event {self.event_id}: {self.state}"


class EventInvitation(models.Model):
    """One person invited by mail (iTIP): a member of the coalition, or a guest with a sealed address.

    The link to answer holds a token; the database keeps its SHA-256 only. `sent_sequence` is the event's
    SEQUENCE that the last mail told, None before the first; `answered_sequence` the one that was answered:
    a lower one tells that time, place or state have changed since.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    guest_name = OutsidersTextField(_("name"), blank=True)
    guest_address = OutsidersTextField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    audience = models.CharField(_("comes as"), max_length=12, choices=Audience, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_sequence = models.PositiveIntegerField(null=True, blank=True)
    answered_sequence = models.PositiveIntegerField(null=True, blank=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=models.Q(withdrawn_at=None, person__isnull=False),
                name="one_invitation_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.uuid}"


class PrivateFeed(models.Model):
    """One person's own calendar address. The token is shown once; its SHA-256 is kept.

    `workspaces` empty means every workspace in which the person has a seat, now and later. What it
    holds is asked anew at every request, so it dies with seat and membership.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="private_feeds"
    )
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    only_mine = models.BooleanField(_("only what I am invited to"), default=False)
    with_public = models.BooleanField(_("also what is told of other workspaces"), default=False)
    with_tasks = models.BooleanField(default=False)
    workspaces = models.ManyToManyField(Workspace, blank=True, related_name="+")
    created_at = models.DateTimeField()
    rotated_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"private feed {self.uuid}"
