"""Facts of the coalition, with scope, year and source, in immutable versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from documents.drafts.models import DraftText, Version
from documents.facts.enums import FactAct, FactKind, FactTopic

LONGEST_NUMERAL = 12
LONGEST_SENTENCE = 240
LONGEST_LINE = 240
LONGEST_HOW = 1200
LONGEST_WHY = 300


class Fact(models.Model):
    """A fact and the organisation that maintains it. It belongs to the coalition, independent of
    workspaces.

    `current`: its newest version; `checked`: the newest one checked by somebody other than its
    author, which pages display. `opened_at`: its page is public even if nothing public uses it, and
    the newsroom may use it on pages. `search`: text for the search index.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=FactKind)
    topic = models.CharField(_("topic"), max_length=12, choices=FactTopic)
    current = models.ForeignKey("FactVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    checked = models.ForeignKey("FactVersion", null=True, on_delete=models.SET_NULL, related_name="+")
    checked_at = models.DateTimeField(null=True)
    next_check = models.DateField(_("next check"))
    opened_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    search = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["id"]
        default_permissions = ()
        indexes = [models.Index(fields=["next_check"], condition=Q(retired_at=None), name="facts_to_check")]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return reverse("documents:fact", args=[self.uuid])


class FactVersion(models.Model):
    """Words of a fact from one moment on. Immutable; texts that use it store its UUID."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    as_of = models.PositiveSmallIntegerField()  # the year for which it is valid
    publisher = models.CharField(max_length=LONGEST_LINE)
    title = models.CharField(max_length=LONGEST_LINE, blank=True)  # of the source's publication
    address = models.URLField(max_length=500, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["fact", "number"], name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"{self.fact_id}/{self.number}"


class FactWords(models.Model):
    """A version in one language. `sentence` continues the numeral; `source` names the source."""

    version = models.ForeignKey(FactVersion, on_delete=models.CASCADE, related_name="words")
    language = models.CharField(max_length=2, choices=Language)
    numeral = models.CharField(max_length=LONGEST_NUMERAL, blank=True)
    sentence = models.CharField(max_length=LONGEST_SENTENCE)
    scope = models.CharField(max_length=LONGEST_LINE)
    source = models.CharField(max_length=LONGEST_LINE)
    how = models.CharField(max_length=LONGEST_HOW, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_wording_in_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.numeral} {self.sentence}".strip()


class FactEntry(models.Model):
    """An action on a fact: person, organisation, reason, and its words then."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="entries")
    version = models.ForeignKey(FactVersion, on_delete=models.CASCADE, related_name="entries")
    act = models.CharField(max_length=12, choices=FactAct)
    why = models.CharField(max_length=LONGEST_WHY, blank=True)
    next_check = models.DateField()
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.act} {self.fact_id}"


class FactUse(models.Model):
    """Use of a fact's version in a current text, or in a named version of one."""

    fact_version = models.ForeignKey(FactVersion, on_delete=models.CASCADE, related_name="uses")
    text = models.ForeignKey(DraftText, null=True, on_delete=models.CASCADE, related_name="fact_uses")
    version = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="fact_uses")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(text=None, version__isnull=False) | Q(text__isnull=False, version=None),
                name="a_fact_is_used_in_a_text_or_a_version",
            ),
            models.UniqueConstraint(fields=["text", "fact_version"], name="one_use_in_a_text"),
            models.UniqueConstraint(fields=["version", "fact_version"], name="one_use_in_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.fact_version_id} in {self.text_id or self.version_id}"
