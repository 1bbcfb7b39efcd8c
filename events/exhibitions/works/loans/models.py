"""Loans of works and condition reports on arrival and return."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from documents.files.models import private_storage
from events.exhibitions.works.enums import AgreementState, ConditionMoment, Currency
from events.exhibitions.works.models import Work


class Loan(models.Model):
    """Loan of a work: lender, dates, insured `value` in minor units of `currency`.

    The lender is an organisation of the coalition, or somebody else whose name, address and phone
    are encrypted and erased a year after the return. Dates are local to the event.
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="loan")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lender = OutsidersTextField(blank=True)
    address = OutsidersTextField(blank=True)
    phone = OutsidersTextField(blank=True)
    from_on = models.DateField(null=True, blank=True)
    return_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    value = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.KZT)
    agreement = models.CharField(max_length=10, choices=AgreementState, default=AgreementState.NONE)
    note = OutsidersTextField(blank=True)

    def __str__(self) -> str:
        return f"loan of work {self.work_id}"


class ConditionReport(models.Model):
    """Condition of a work at one moment. `seen_by`, `handed_by` and `taken_by` are names of people
    as written on paper, encrypted. Immutable: later findings need another report."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="conditions")
    moment = models.CharField(max_length=8, choices=ConditionMoment)
    seen_at = models.DateTimeField()
    words = models.TextField()
    seen_by = OutsidersTextField()
    handed_by = OutsidersTextField(blank=True)
    taken_by = OutsidersTextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["seen_at", "id"]

    def __str__(self) -> str:
        return f"condition report {self.uuid}"


class ConditionPhoto(models.Model):
    """Photograph of a report, re-encoded, in private storage. `width` and `height` are pixels."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    report = models.ForeignKey(ConditionReport, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(storage=private_storage)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"photograph {self.uuid}"
