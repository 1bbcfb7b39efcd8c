"""What two people count: the taps of a table, or the lines of a bundle of paper sheets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.core.double_count import CountEntry, CountState
from coalition.campaigns.in_person.counting.enums import TallyKind
from coalition.campaigns.in_person.models import Table
from coalition.workspaces.models import Workspace


class Tally(models.Model):
    """One table's day, or a bundle of sheets (`sheets`), and what two people counted of it.

    `version`: the words that these people support. `organisation`, `region`: whose table or sheets they are.
    `state` and the values below follow from the counts. Once settled: `count`, what both gave; `codes`, the
    single-use codes that were used at the table, which are sure; `by_telephone`, whether the second person
    heard it read out. `dropped_at`: a bundle that was dissolved since its only count was taken back.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=TallyKind)
    # RESTRICT rather than PROTECT: both are deleted with their workspace.
    table = models.OneToOneField(
        Table, null=True, blank=True, on_delete=models.RESTRICT, related_name="tally"
    )
    version = models.ForeignKey(AppealVersion, on_delete=models.PROTECT, related_name="tallies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(_("region"), max_length=8)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=CountState, default=CountState.NOT_COUNTED)
    count = models.PositiveIntegerField(null=True, blank=True)
    codes = models.PositiveIntegerField(default=0)
    by_telephone = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=TallyKind.TABLE, table__isnull=False)
                | Q(kind=TallyKind.SHEETS, table__isnull=True),
                name="tally_of_a_table_or_sheets",
            ),
            models.CheckConstraint(
                condition=Q(state=CountState.SETTLED, count__isnull=False, settled_at__isnull=False)
                | (~Q(state=CountState.SETTLED) & Q(count__isnull=True, settled_at__isnull=True)),
                name="tally_counts_once_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"tally {self.uuid}"


class TallyCount(CountEntry):
    """One person's count of a tally."""

    tally = models.ForeignKey(Tally, on_delete=models.CASCADE, related_name="counts")

    class Meta(CountEntry.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tally", "person"], condition=Q(replaced_at=None), name="one_count_of_a_person"
            )
        ]
