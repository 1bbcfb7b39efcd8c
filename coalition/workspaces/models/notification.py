"""Notifications, notification settings and browsers that accept push."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models.workspace import Workspace


class Notification(models.Model):
    """A notification to one person. Its sentence is rendered on display (`notifications/sentences.py`), and
    it is displayed only while the person may see its subject (`notifications/queries.py`).

    `detail` contains UUIDs, codes and moments, no titles and no names. `count`: how many of the same
    kind about the same subject it stands for. `key`: unique per person. `mail_waits`: a mail about it
    is pending, for the end of quiet hours or the daily mail.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    subject_kind = models.CharField(max_length=30)
    subject = models.UUIDField()
    needs_drafts = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_in = models.UUIDField(null=True)  # batch: what was marked as read together is undone together
    mail_waits = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], condition=~Q(key=""), name="told_once_a_key_and_person"
            )
        ]
        indexes = [
            models.Index(fields=["person", "at"], name="notification_of_person"),
            models.Index(fields=["person", "subject"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["person"], condition=Q(mail_waits=True), name="notification_mail_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class NotificationSettings(models.Model):
    """A person's notification settings. Without a row the defaults apply.

    The quiet hours are local times in the person's zone, and may span midnight; both or neither.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_settings"
    )
    mail = models.CharField(_("mail"), max_length=10, choices=MailMode, default=MailMode.AT_ONCE)
    digest_hour = models.PositiveSmallIntegerField(_("hour of the daily mail"), default=8)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    urgent_passes = models.BooleanField(_("urgent things may disturb the quiet hours"), default=False)

    class Meta:
        verbose_name_plural = "notification settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.mail} for {self.person_id}"


class MutedWorkspace(models.Model):
    """No mail and no push about this workspace for this person; its notifications stay in the inbox."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "workspace"], name="muted_once_a_person")]

    def __str__(self) -> str:
        return f"{self.workspace_id} muted for {self.person_id}"


class PushSubscription(models.Model):
    """A browser that accepts push without content. Valid while the session in which it was allowed
    lasts; signing out everywhere ends it (`session_round`).

    `address` is a secret of the browser's push service: whoever knows it can send push to the browser.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    address = SealedTextField()
    address_hash = models.CharField(max_length=64, unique=True)
    session_key = models.CharField(max_length=40)
    session_round = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"browser of {self.person_id}"
