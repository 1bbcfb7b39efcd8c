"""Organisations of the coalition."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language, Listing, OrganisationKind
from coalition.core.crypto import SealedTextField


class Organisation(models.Model):
    """An organisation. Its names are encrypted in the database whatever its listing, so that changing
    the listing leaves no plain text behind; only a publicly listed one has a slug.

    Never display `name_in` directly: `naming.display_name_for(viewer, organisation)` decides.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    listing = models.CharField(
        _("how it may be named"), max_length=12, choices=Listing, default=Listing.PUBLIC
    )
    name_kk = SealedTextField(_("name in Kazakh"))
    name_ru = SealedTextField(_("name in Russian"))
    name_en = SealedTextField(_("name in English"))
    description_kk = SealedTextField(_("description in Kazakh"), blank=True)
    description_ru = SealedTextField(_("description in Russian"), blank=True)
    description_en = SealedTextField(_("description in English"), blank=True)
    initials = SealedTextField(_("initials"), blank=True)
    hue = models.PositiveSmallIntegerField(_("colour"), default=1)
    code = models.CharField(max_length=6, unique=True, editable=False)  # replaces a withheld name
    regions = models.JSONField(_("regions"), default=list, blank=True)  # ISO 3166-2
    languages = models.JSONField(_("languages it works in"), default=list, blank=True)
    reads = models.JSONField(_("languages it reads"), default=list, blank=True)
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"organisation {self.code}"  # appears in logs and admin lists: never the name

    def name_in(self, language: str | None = None) -> str:
        """Return the true name, in the language or a fallback. Only for `naming` and its own people."""
        return self._in("name", language)

    def description_in(self, language: str | None = None) -> str:
        """Return the organisation's description; display it only where its name may be displayed."""
        return self._in("description", language)

    def _in(self, field: str, language: str | None) -> str:
        wanted = (language or get_language() or Language.KK)[:2]
        order = [wanted, *(code for code in Language.values if code != wanted)]
        texts = (getattr(self, f"{field}_{code}", "") for code in order)
        return next((text for text in texts if text), "")
