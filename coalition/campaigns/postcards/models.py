"""Designs of postcards, and printed batches of them."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.models import ReferralCode
from coalition.workspaces.models import Workspace
from documents.files.models import StoredFile
from documents.publication.models import Publication

MOST_CARDS: Final = 100_000  # of one batch; more is a typing error


class CardDesign(models.Model):
    """What stands on a card: the words of a publication, in `languages` in this order, and to whom it goes.

    `hashes` {language: hash} of the words, which must be those that were approved. `action`, `target`: what
    the code on the cards leads to, as in `ReferralCode`. `recipient_body` or `recipient_target`: to whom the
    cards are handed over. `front_picture`: on the front, in place of the tulip; `front_picture_sha256` is the
    chosen file's, so that a design whose picture was deleted is not printed without it.
    `published_at`: since when everybody sees the numbers of its ledger.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="card_designs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField()
    languages = models.JSONField(_("languages"), default=list)
    action = models.CharField(max_length=20)
    target = models.UUIDField()
    recipient_body = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recipient_target = models.ForeignKey(
        Target, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    front_picture = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    front_picture_sha256 = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("card design")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recipient_body=None) | models.Q(recipient_target=None),
                name="one_recipient_of_a_card",
            )
        ]
        indexes = [models.Index(fields=["action", "target"], name="card_designs_of_an_action")]

    def __str__(self) -> str:
        return f"card design {self.slug}"


class Batch(models.Model):
    """So many cards of a design with one code (`referral`), which credits one organisation.

    `number`: counted in the design. `region`: where they are used, if it is one. What happened to the cards
    is in the ledger (`Move`); `quantity` is what was ordered. `closed_at`: nothing more is entered; its code
    credits nobody any more and leads on.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    design = models.ForeignKey(CardDesign, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField(_("number of cards"))
    region = models.CharField(_("region"), max_length=8, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(ReferralCode, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("batch")
        constraints = [
            models.UniqueConstraint(fields=["design", "number"], name="one_batch_number"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1, quantity__lte=MOST_CARDS), name="cards_of_a_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.number} of {self.design_id}"
