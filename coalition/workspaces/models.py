"""Workspaces, seats, activity, notifications and presence, with their states and kinds."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from coalition.roles import Right, SeatRole


class MailMode(models.TextChoices):
    """When a person gets mail about notifications in their inbox."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, everything together")
    NEVER = "never", _("Never: I look into the inbox myself")


class Workspace(models.Model):
    """A working group's space. Access to its content requires permissions derived from seats."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    purpose = models.TextField(_("purpose"), blank=True, max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    archived_at = models.DateTimeField(null=True, blank=True)
    organisations = models.ManyToManyField(Organisation, through="Participation", related_name="workspaces")

    class Meta:
        verbose_name = _("workspace")
        verbose_name_plural = _("workspaces")
        ordering = ["id"]
        default_permissions = ()
        permissions = [(right.value, str(right.name)) for right in Right]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("workspaces:workspace", args=[self.uuid])


class WorkspaceUserPermission(UserObjectPermissionBase):
    """Guardian's user rows on a workspace. None are written; without the model lists compare casts."""

    content_object = models.ForeignKey(Workspace, on_delete=models.CASCADE)


class WorkspaceGroupPermission(GroupObjectPermissionBase):
    """Guardian's group rows on a workspace, derived from seats by `actions.seats`."""

    content_object = models.ForeignKey(Workspace, on_delete=models.CASCADE)


class Participation(models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "organisation"],
                condition=Q(ended_at=None),
                name="one_open_participation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.workspace_id}"


class Seat(models.Model):
    """A person's role in one workspace, on behalf of one organisation: the source of truth for rights."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(_("role"), max_length=12, choices=SeatRole)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "person", "organisation"],
                condition=Q(ended_at=None),
                name="one_open_seat",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} as {self.role} in {self.workspace_id}"


class GrantGroup(models.Model):
    """Django group of a role in a workspace, or of one organisation's people in it."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="grant")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="grant_groups")
    role = models.CharField(max_length=12, choices=SeatRole, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "role"], condition=Q(organisation=None), name="one_group_a_role"
            ),
            models.UniqueConstraint(
                fields=["workspace", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_group_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.group.name


class Activity(models.Model):
    """One action, with rising ids. Its sentence is rendered on display (`sentence_params.py`), since
    it depends on the reader's language and on which names the reader may see."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    restricted_to = models.ManyToManyField(Organisation, related_name="+", blank=True)
    restricted = models.BooleanField(default=False)
    # The handling mark "named people": hidden from everybody else, whatever their seat.
    named_only = models.BooleanField(default=False)
    named_people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    needs_drafts = models.BooleanField(default=True)  # hidden from observers, who see no drafts
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return f"{self.kind} in {self.workspace_id}"


class Notification(models.Model):
    """A notification to one person. Its sentence is rendered on display (`notifications/deliver.py`), and
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


class Presence(models.Model):
    """Last heartbeat of the person's page; an expired row is deleted by the next one."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "person"], name="present_once_a_workspace")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.workspace_id}"
