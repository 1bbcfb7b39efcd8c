"""Where numbers of the register are used, and whether the line is staffed then."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.models.entry import Helpline, HelplineEntry
from coalition.campaigns.helplines.uses.enums import Staffed, UseKind
from coalition.workspaces.models import Workspace

LONGEST_TITLE = 120
LONGEST_NOTE = 500


def published_entry(helpline: Helpline) -> HelplineEntry | None:
    """Return the published entry of a line that was read with `published_entries` (`lines_to_use`,
    `with_lines`). Raises AttributeError for any other."""
    published: list[HelplineEntry] = getattr(helpline, "published_entries")  # noqa: B009  a prefetched list
    return published[0] if published else None


class HelplineUseQuerySet(models.QuerySet["HelplineUse"]):
    def not_over(self, at: datetime.datetime) -> Self:
        """Those to come and those that people see at an aware moment."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(at)), ended_at=None)

    def waiting_for_answer(self, at: datetime.datetime) -> Self:
        """Those about which the line's organisation is asked and has not answered, or whose answer has run
        out."""
        answered = Q(answer__answer=Staffed.NO) | Q(answer__until=None) | Q(answer__until__gte=at)
        return self.not_over(at).exclude(answered, answer__isnull=False).filter(asked_at__isnull=False)

    def with_lines(self) -> Self:
        """The same with everything that flags are worked out from: one query more, whatever their number."""
        published = HelplineEntry.objects.filter(state=EntryState.PUBLISHED)
        return self.select_related(
            "workspace", "organisation", "helpline__organisation", "made_by", "answer"
        ).prefetch_related(Prefetch("helpline__entries", queryset=published, to_attr="published_entries"))


class HelplineUse(models.Model):
    """A thing that carries a line's number: planned in a workspace, in the name of an organisation.

    `channels`: the ways to reach the line that it carries, as they were taken from the register: list of
    {"kind", "value"}. `title` is also for the line's operators, `note` for the workspace alone. `starts_at`:
    release or airing; `ends_on`: the last day, None if it stays in use. `asked_at`: since when the line's
    organisation is asked whether it is staffed; None for what was in use already when it was added.
    `ended_at`: when it was taken out of use.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(_("what it is"), max_length=10, choices=UseKind)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    channels = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=LONGEST_NOTE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HelplineUseQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        default_permissions = ()
        indexes = [models.Index(fields=["workspace", "ended_at"], name="helpline_uses_of_workspace")]

    def __str__(self) -> str:
        return f"use {self.uuid} of helpline {self.helpline_id}"

    def get_absolute_url(self) -> str:
        """Its page in the workspace. Needs `workspace` loaded."""
        return reverse("campaigns:helpline_use", args=[self.workspace.uuid, self.uuid])

    @property
    def entry(self) -> HelplineEntry | None:
        """The published entry of its line. Only of rows read `with_lines`."""
        return published_entry(self.helpline)

    @property
    def staffing(self) -> "StaffingAnswer | None":
        """What the line's organisation answered. No query on rows read `with_lines`."""
        return getattr(self, "answer", None)

    def is_over(self, at: datetime.datetime) -> bool:
        """Whether nobody sees it any more at an aware moment."""
        gone = self.ends_on is not None and self.ends_on < timezone.localdate(at)
        return gone or self.ended_at is not None

    def is_confirmed(self, at: datetime.datetime) -> bool:
        """Whether the line's organisation says that it is staffed, at its start and until `at`."""
        answer = self.staffing
        if answer is None or answer.answer != Staffed.YES:
            return False
        return answer.until is None or answer.until >= max(at, self.starts_at)


class StaffingAnswer(models.Model):
    """What the line's organisation says of one use; a later answer takes its place (the audit log has all).

    `until`: until when the line is staffed for it, None if as long as it is in use. No person is named:
    operators answer from a phone that several share.
    """

    use = models.OneToOneField(HelplineUse, on_delete=models.CASCADE, related_name="answer")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=3, choices=Staffed)
    until = models.DateTimeField(_("staffed until"), null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.answer} for use {self.use_id}"
