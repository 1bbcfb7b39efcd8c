"""Alarms about differences between publications and what readers get.

Coordinators of the workspace are notified in their inbox and by mail, the secretariat by one mail
per run, the operator by the log and the metrics. The same difference is reported once, then daily.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from coalition.accounts.enums import OfficeKind
from coalition.accounts.queries import active_offices
from coalition.core.clock import now
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from documents.approval.audit import notify_about_round
from documents.drafts.queries import coordinators_of
from documents.publication.models import Publication
from documents.publication.queries import sheet_address
from documents.publication.verification.findings import Finding
from documents.publication.verification.models import PublicationCheck

# Slightly less than a day: hourly runs do not start at the exact minute.
ALARM_INTERVAL: Final = datetime.timedelta(hours=23, minutes=30)


def notify_differences(
    found: Mapping[int, Sequence[Finding]], checks: Mapping[int, PublicationCheck]
) -> None:
    """Report differences that are new, or were last reported a day ago. Updates `alarmed` of
    `checks`."""
    moment = now()
    new = [pk for pk, some in found.items() if _mark_alarmed(checks[pk], some, moment)]
    if not new:
        return
    PublicationCheck.objects.bulk_update([checks[pk] for pk in new], ["alarmed"], batch_size=200)
    rows = Publication.objects.filter(pk__in=new).select_related("round__draft__workspace")
    by_workspace: dict[int, list[Publication]] = defaultdict(list)
    for publication in rows.prefetch_related("texts__version").order_by("pk"):
        by_workspace[publication.round.draft.workspace_id].append(publication)
    for publications in by_workspace.values():
        first = publications[0]
        notify_about_round(
            first.round,
            coordinators_of(first.round.draft),
            kind="publication_differs" if len(publications) == 1 else "publications_differ",
            once=f"{first.uuid}:{moment.isoformat()}",
            public=first,
            number=len(publications),
        )
    _mail_secretariat("differ", next(iter(by_workspace.values()))[0], len(new), moment)


def _mark_alarmed(check: PublicationCheck, some: Sequence[Finding], moment: datetime.datetime) -> bool:
    """Set in `alarmed` that these findings are reported now, if due. Return whether they are."""
    told = {key: datetime.datetime.fromisoformat(at) for key, at in check.alarmed.items()}
    told = {key: at for key, at in told.items() if at > moment - ALARM_INTERVAL}
    if all(one.key in told for one in some):
        return False
    told |= {one.key: moment for one in some}
    check.alarmed = {key: at.isoformat() for key, at in told.items()}
    return True


def notify_taken_offline(publication: Publication, *, since: datetime.datetime) -> None:
    """Notify that a publication was taken off the site, in the caller's transaction."""
    _notify_about_publication("publication_taken_off", "taken_off", publication, since)


def notify_back_online(publication: Publication, *, since: datetime.datetime) -> None:
    """Notify that it is back on the site, in the caller's transaction. `since`: when it was taken
    off."""
    _notify_about_publication("publication_brought_back", "brought_back", publication, since)


def _notify_about_publication(
    kind: str, mail: str, publication: Publication, since: datetime.datetime
) -> None:
    notify_about_round(
        publication.round,
        coordinators_of(publication.round.draft),
        kind=kind,
        once=f"{publication.uuid}:{since.isoformat()}",
        public=publication,
    )
    _mail_secretariat(mail, publication, 1, since)


def _mail_secretariat(what: str, first: Publication, number: int, moment: datetime.datetime) -> None:
    """Send one mail to each person of the secretariat: how many texts, and the certificate of the
    first."""
    for office in active_offices().filter(kind=OfficeKind.SECRETARIAT).select_related("person"):
        outbox.queue_mail(
            key=f"verification:{what}:{first.uuid}:{moment.isoformat()}:{office.person.uuid}",
            template=f"documents/publications_{what}",
            language=office.person.language,
            person=office.person.uuid,
            context={
                "name": office.person.get_short_name(),
                "number": number,
                "button_url": absolute_url(sheet_address(first, office.person.language)),
            },
        )
