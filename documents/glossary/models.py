"""The coalition's glossary and its history. It belongs to no workspace."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.drafts.models import GlossaryAct, GlossaryField

LONGEST_WORDS = 240
LONGEST_NOTE = 600
_TERM_HINT = _("A semicolon divides words that say the same. The first is the one we write.")
_AVOID_HINT = _("Words not to be used for it; a semicolon divides them.")


class GlossaryTerm(models.Model):
    """One term in the three languages. A semicolon separates synonyms; the first is the preferred one.

    `avoid_*`: words not to use for it; `note_*`: why or when, for readers of that language. `words`: text for
    the search. A removed term is kept, so that it can be restored.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    field = models.CharField(_("Field"), max_length=12, choices=GlossaryField)
    kk = models.CharField(_("Term"), max_length=LONGEST_WORDS, help_text=_TERM_HINT)
    ru = models.CharField(_("Term"), max_length=LONGEST_WORDS, help_text=_TERM_HINT)
    en = models.CharField(_("Term"), max_length=LONGEST_WORDS, help_text=_TERM_HINT)
    avoid_kk = models.CharField(_("Avoid"), max_length=LONGEST_WORDS, blank=True, help_text=_AVOID_HINT)
    avoid_ru = models.CharField(_("Avoid"), max_length=LONGEST_WORDS, blank=True, help_text=_AVOID_HINT)
    avoid_en = models.CharField(_("Avoid"), max_length=LONGEST_WORDS, blank=True, help_text=_AVOID_HINT)
    note_kk = models.CharField(_("Note"), max_length=LONGEST_NOTE, blank=True)
    note_ru = models.CharField(_("Note"), max_length=LONGEST_NOTE, blank=True)
    note_en = models.CharField(_("Note"), max_length=LONGEST_NOTE, blank=True)
    words = models.TextField(editable=False, default="")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["kk", "ru", "en"], condition=Q(removed_at=None), name="one_term_of_these_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kk} / {self.ru} / {self.en}"

    def get_absolute_url(self) -> str:
        return reverse("documents:glossary_term", args=[self.uuid])


class GlossaryChange(models.Model):
    """A change of a term: its content before and after, as written by `documents.glossary.queries`.

    `before` is empty for a term that was added, `after` for one that was removed.
    """

    term = models.ForeignKey(GlossaryTerm, on_delete=models.CASCADE, related_name="changes")
    act = models.CharField(max_length=10, choices=GlossaryAct)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.act} {self.term_id}"
