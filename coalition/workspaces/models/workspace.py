"""Workspaces, participations, seats and their permissions."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.roles import Right, SeatRole


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
    """Guardian's group rows on a workspace, derived from seats by `actions.grants`."""

    content_object = models.ForeignKey(Workspace, on_delete=models.CASCADE)


class Participation(models.Model):
    """Participation of an organisation in a workspace."""

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
