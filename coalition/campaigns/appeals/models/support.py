"""Who supports an appeal, what is suspect about it for three days, and the counts that stay."""

from uuid import uuid4

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
from coalition.core.crypto import SealedTextField
from coalition.personal_data.fields import OutsidersTextField


class Hold(models.Model):
    """Rows that one rule found suspect together. They are held, never refused, and nobody is told.

    `rule`: code of the rule; `reason`: what it saw, in numbers, without an address. `burst`: a keyed hash of
    what the rows have in common, by which later rows of the same burst are found; emptied after 72 hours.
    `state` follows from the votes (`appeals.hold_votes`); `decided_at`: when two people last agreed.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="holds")
    rule = models.CharField(max_length=30)
    reason = models.JSONField(default=dict)
    burst = models.CharField(max_length=64, blank=True, db_index=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"hold {self.uuid}"


class HoldDecision(models.Model):
    """One person's vote on a hold. Two of two organisations that agree release it or set it aside; later
    votes can turn that round. The newest of each organisation counts, while it takes part."""

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
    """One person who supports one version of an appeal; while it is unconfirmed, one asking.

    Each asking is a row with a link of its own, which nobody else's asking changes: anybody can type an
    address. Of the rows of one mailbox (`address_print`) one can be confirmed. `owner_print`: keyed hash of
    the addresses that surely belong to the same person (`mailboxes.normalize_owner`); only they are sent the
    link of a confirmed row.

    The address is erased once the support is confirmed and not held, unless the person agreed to be
    contacted; its prints stay until the appeal can no longer be opened again. `name` exists only where a
    tick needs it: `is_listed` (shown in public) or `in_hand_over` (given to whom the appeal is addressed).
    `is_name_hidden`: organisers stopped showing it; the support counts as before.
    `contact_choices`: the organisations that were ticked and the sentence that stood there, until the
    confirmation makes `ContactConsent` of them. `provider`: the mail provider, if it is one of the large ones
    (`appeals.mail_funnel`), and `mail_state`, what became of the mail: until the confirmation.

    There is no moment, only `day`. So `uuid` is random here: a UUID of version 7 would hold the millisecond
    in which somebody asked.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="supports")
    version = models.ForeignKey(AppealVersion, on_delete=models.PROTECT, related_name="supports")
    owner_print = models.CharField(max_length=64, db_index=True, blank=True)
    state = models.CharField(max_length=12, choices=SupportState, default=SupportState.UNCONFIRMED)
    region = models.CharField(_("region"), max_length=8)
    name = OutsidersTextField(_("name"), blank=True)
    is_listed = models.BooleanField(default=False)
    is_name_hidden = models.BooleanField(default=False)
    in_hand_over = models.BooleanField(default=False)
    contact_choices = models.JSONField(default=list, blank=True)
    referral = models.ForeignKey(
        ReferralCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hold = models.ForeignKey(Hold, null=True, blank=True, on_delete=models.SET_NULL, related_name="supports")
    provider = models.CharField(max_length=20, blank=True)
    mail_state = models.CharField(max_length=8, choices=MailState, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "support"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "address_print"],
                condition=~Q(address_print="") & ~Q(state=SupportState.UNCONFIRMED),
                name="one_mailbox_counts_once",
            )
        ]
        indexes = [models.Index(fields=["appeal", "state"], name="support_of_appeal")]


class SupportMailLimit(models.Model):
    """How many mails about an appeal a mailbox was written, so that nobody can have it filled.

    `address_print`: keyed hash of the mailbox. `day`: of the newest one, with the number of that day;
    `week_began`: day of the first one of the week, with the number since. A week later the row is deleted.
    `is_stopped`: the owner wants none ever; the row then belongs to an `owner_print` and stays until the
    personal data of the appeal end.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="+")
    address_print = models.CharField(max_length=64)
    day = models.DateField()
    mails_of_day = models.PositiveSmallIntegerField(default=0)
    week_began = models.DateField()
    mails_of_week = models.PositiveSmallIntegerField(default=0)
    is_stopped = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "address_print"], name="one_mail_limit_of_a_mailbox")
        ]

    def __str__(self) -> str:
        return f"mail limit {self.pk}"


class SupportMailCount(models.Model):
    """What became of so many mails whose supports are confirmed or gone: the counts that stay.

    Whoever confirms adds a row, so that nobody waits for a row that everybody changes; a job adds up those
    that are alike. Nothing leads from here to a support.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20, blank=True)
    mail_state = models.CharField(max_length=8, choices=MailState)
    is_confirmed = models.BooleanField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.count} mails of appeal {self.appeal_id}"


class SupportSignal(models.Model):
    """What is looked at to find bursts: deleted after 72 hours.

    One row for each time that somebody asked. `support` is None where the mailbox was counted already: nobody
    can make another person's support suspect. `at`: the minute. Everything else is a hash with the key of the
    day: of the network (`place_print`), of the mail's domain, and of shapes of the address and the name
    (`patterns`, separated by spaces). `rule`: what it was found suspect by, or "".
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="+")
    support = models.ForeignKey(Support, null=True, on_delete=models.CASCADE, related_name="signals")
    at = models.DateTimeField()
    place_print = models.CharField(max_length=32)
    domain_print = models.CharField(max_length=32)
    is_disposable = models.BooleanField(default=False)
    is_common = models.BooleanField(default=False)
    patterns = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["appeal", "at"], name="support_signal_of_appeal")]

    def __str__(self) -> str:
        return f"signal {self.pk}"


class PlaceKey(models.Model):
    """The random key with which a day's signals are hashed.

    Deleted with them: after that nobody, not even the operator, can find out whose a hash was.
    """

    day = models.DateField(unique=True)
    key = SealedTextField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"key of {self.day}"


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
