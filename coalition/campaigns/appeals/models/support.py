"""Who supports an appeal, and the counts that stay."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.applicants.models import Applicant
from coalition.campaigns.appeals.enums import HoldState, MailState, SupportState
from coalition.campaigns.appeals.models.appeal import Appeal, AppealVersion
from coalition.campaigns.referrals.models import ReferralCode
from coalition.personal_data.fields import OutsidersTextField


class Hold(models.Model):
    """Rows that one rule found suspect together. They are held, never refused, and nobody is told.

    `rule`: code of the rule; `reason`: what it saw, in numbers, without an address. `state` follows from the
    decisions (`appeals.hold_votes`); `decided_at`: when it last became released or set aside.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="holds")
    rule = models.CharField(max_length=30)
    reason = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"hold {self.uuid}"


class HoldDecision(models.Model):
    """One person's word on a hold. Two of two organisations that agree release it or set it aside; later
    words can turn that round. The newest of each organisation counts."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="decisions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    releases = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"decision {self.pk} on hold {self.hold_id}"


class Support(Applicant):
    """One person who supports one version of an appeal.

    The address is erased once the support is confirmed and not held, unless the person agreed to be
    contacted; its print stays until the appeal's personal data end. `name` exists only where a tick needs it:
    `is_listed` (shown in public) or `in_hand_over` (given to whom the appeal is addressed). `place_print`: a
    hash of the network with a key of the day, emptied after 72 hours. `provider`: the mail provider, if it is
    one of the large ones (`appeals.mail_funnel`), and `mail_state`, what became of the mail: written once it
    left.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="supports")
    version = models.ForeignKey(AppealVersion, on_delete=models.PROTECT, related_name="supports")
    state = models.CharField(max_length=12, choices=SupportState, default=SupportState.UNCONFIRMED)
    region = models.CharField(_("region"), max_length=8)
    name = OutsidersTextField(_("name"), blank=True)
    is_listed = models.BooleanField(default=False)
    in_hand_over = models.BooleanField(default=False)
    referral = models.ForeignKey(
        ReferralCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hold = models.ForeignKey(Hold, null=True, blank=True, on_delete=models.SET_NULL, related_name="supports")
    place_print = models.CharField(max_length=64, blank=True, db_index=True)
    provider = models.CharField(max_length=20, blank=True)
    mail_state = models.CharField(max_length=8, choices=MailState, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "support"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "address_print"],
                condition=~Q(address_print="") & ~Q(state="withdrawn"),
                name="one_mailbox_counts_once",
            )
        ]
        indexes = [models.Index(fields=["appeal", "state"], name="support_of_appeal")]


class ContactConsent(models.Model):
    """A supporter lets one organisation write to them. Only that organisation exports the address.

    `words`: the sentence that was ticked, as it was shown.
    """

    support = models.ForeignKey(Support, on_delete=models.CASCADE, related_name="contact_consents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    day = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["support", "organisation"], name="one_contact_consent_each")
        ]

    def __str__(self) -> str:
        return f"contact consent {self.pk}"


class SupportChange(models.Model):
    """+1 or −1 that no total holds yet. A job adds these rows to `SupportTotal` every few seconds and deletes
    them, so that confirming never waits for a row that everybody changes."""

    version = models.ForeignKey(AppealVersion, on_delete=models.CASCADE, related_name="+")
    region = models.CharField(max_length=8)
    language = models.CharField(max_length=12)
    referral = models.ForeignKey(ReferralCode, null=True, on_delete=models.SET_NULL, related_name="+")
    difference = models.SmallIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.difference:+d} for version {self.version_id}"


class SupportTotal(models.Model):
    """The running sum of one version by region, language and referral code. It stays when personal data end.
    A nightly recount of `Support` must agree with it."""

    version = models.ForeignKey(AppealVersion, on_delete=models.CASCADE, related_name="totals")
    region = models.CharField(max_length=8)
    language = models.CharField(max_length=12)
    referral = models.ForeignKey(
        ReferralCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    count = models.IntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "region", "language", "referral"], name="one_support_total_of_a_code"
            ),
            models.UniqueConstraint(
                fields=["version", "region", "language"],
                condition=Q(referral=None),
                name="one_support_total_without_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} for version {self.version_id}"
