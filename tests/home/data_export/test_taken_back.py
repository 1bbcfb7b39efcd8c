"""Files that members may no longer open do not leave with their organisation."""

import datetime

import pytest
from django.utils.timezone import localdate

from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Answer
from coalition.consent.models import ConsentItem, ConsentRecord, ConsentUse
from coalition.core.clock import now
from documents.files.consent import may_open
from documents.models import StoredFile
from home.data_export.rows import OWN_ROWS
from tests.consent.builders import caseworker_of, consent_asked, shown_under_consent
from tests.events.planning.builders import stage
from tests.events.press.kit.builders import picture_of

pytestmark = pytest.mark.django_db
OWN = next(one for one in OWN_ROWS if one.model == "documents.StoredFile" and one.by == "organisation")


def end_by_withdrawal(consent: ConsentRecord) -> None:
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)


def end_by_expiry(consent: ConsentRecord) -> None:
    ConsentRecord.objects.filter(pk=consent.pk).update(until=localdate(now()) - datetime.timedelta(days=2))


def end_all_uses(consent: ConsentRecord) -> None:
    ConsentUse.objects.filter(item__consent=consent).update(ended_at=now())


def decline_all_uses(consent: ConsentRecord) -> None:
    uses = ConsentUse.objects.filter(item__consent=consent)
    uses.update(answer=Answer.DECLINED, ended_at=now())


@pytest.mark.parametrize("end", [end_by_withdrawal, end_by_expiry, end_all_uses, decline_all_uses])
def test_file_leaves_with_its_organisation_until_its_consent_ends(end) -> None:
    access = stage().access()
    file, same, other = picture_of(access), picture_of(access), picture_of(access)
    StoredFile.objects.filter(pk=same.pk).update(sha256=file.sha256)
    StoredFile.objects.filter(pk=other.pk).update(sha256="")
    consent = consent_asked()
    shown_under_consent(consent, "file", str(file.uuid))
    ConsentItem.objects.create(
        consent=consent,
        kind="file",
        key="no uuid",
        shows_face=True,
        added_at=now(),
        organisation=consent.organisation,
    )
    rows = OWN.rows(access.organisation)
    assert {file, same, other} <= set(rows)
    end(consent)
    left = set(OWN.rows(access.organisation))
    assert not {file, same} & left
    assert other in left
    for one in StoredFile.objects.filter(pk__in=[file.pk, same.pk, other.pk]):
        assert may_open(one) == (one in left)


def test_one_declined_use_keeps_no_file_back() -> None:
    access = stage().access()
    file, consent = picture_of(access), consent_asked()
    item = shown_under_consent(consent, "file", str(file.uuid))
    first = ConsentUse.objects.filter(pk=item.uses.order_by("pk")[0].pk)
    first.update(answer=Answer.DECLINED, ended_at=now())
    assert may_open(file)
    assert file in OWN.rows(access.organisation)
