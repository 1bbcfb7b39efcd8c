"""Parts of the public certificate; lateness of a scheduled text, and media contacts."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import refusal_text
from coalition.jobs import scheduler
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.permissions import Access
from documents.canonical.form import short_hash
from documents.canonical.passages import gap_values_at
from documents.contacts.models import Contact
from documents.drafts.access import sheet_address_of
from documents.drafts.models import EmbargoWay, PublicationState
from documents.files.withheld import WithheldContent
from documents.publication import queries
from documents.publication.certificate import record_entries
from documents.publication.embargo.audit import LIFT_KIND
from documents.publication.models import EmbargoFeed, Publication, PublicationText


def texts_in_language_order(publication: Publication) -> list[PublicationText]:
    """Return its texts in the order of the coalition's languages."""
    return sorted(publication.texts.all(), key=lambda text: Language.values.index(text.language))


def sheet_supplements(publication: Publication, withheld: WithheldContent, *, shown: bool) -> dict[str, Any]:
    """Return typo fixes, filled gaps (only the hash of a text that is withdrawn or whose words are withheld),
    and text that was approved elsewhere."""
    texts = [text for text in publication.texts.all() if shown and not withheld.has_words_of(text)]
    documents = {text.hash: text.recorded_document for text in texts}
    return {
        "slips": [
            {
                "name": Language(one["language"]).label,
                "before": short_hash(one["before"]),
                "after": short_hash(one["after"]),
            }
            for one in record_entries(publication, "slips")
        ],
        "fillings": [
            {
                "name": Language(one["language"]).label,
                "code": one["language"],
                "before": short_hash(one["before"]),
                "values": gap_values_at(documents[one["after"]], one["gaps"])
                if one["after"] in documents
                else [],
            }
            for one in record_entries(publication, "fillings")
        ],
        "made_of": [
            {
                "name": Language(one["language"]).label,
                "source": short_hash(one["source"]),
                "words": short_hash(one["words"]),
                "url": sheet_address_of(UUID(one["publication"])) if one["publication"] else "",
            }
            for one in sorted(
                record_entries(publication, "blocks"), key=lambda one: Language.values.index(one["language"])
            )
        ],
    }


def sheet_checks(publication: Publication, incomplete: Collection[str] = ()) -> list[dict[str, str]]:
    """Return the checks of the page's script, in the order of the verification program, without those that
    need the words of `incomplete` languages."""
    languages = [
        {
            "code": f"words-{text.language}",
            "words": _("%(language)s: the words have the hash %(hash)s.")
            % {"language": Language(text.language).label, "hash": short_hash(text.hash)},
        }
        for text in texts_in_language_order(publication)
        if text.language not in incomplete
    ]
    fillings = [
        {
            "code": f"filled-{one['language']}",
            "words": _("%(language)s: with its gaps open it has the hash %(hash)s, which was approved.")
            % {"language": Language(one["language"]).label, "hash": short_hash(one["before"])},
        }
        for one in record_entries(publication, "fillings")
        if one["language"] not in incomplete
    ]
    codes = {one["language"] for one in record_entries(publication, "blocks")}
    blocks = [  # for a withdrawn text, that certificate and record agree
        {
            "code": f"blocks-{code}",
            "words": _("%(language)s: it says only approved blocks, each what the organisations approved.")
            % {"language": Language(code).label},
        }
        for code in sorted(codes, key=Language.values.index)
    ]
    first = publication.number == 1
    return [
        {
            "code": "record",
            "words": _("The record has the hash %(hash)s.") % {"hash": short_hash(publication.hash)},
        },
        {"code": "fits", "words": _("The sheet says what its record says.")},
        *languages,
        *fillings,
        *blocks,
        {"code": "names", "words": _("As many organisations are shown or counted as the record holds.")},
        {
            "code": "chain",
            "words": _("It is the first of the chain.")
            if first
            else _("It follows publication %(number)d of the chain.")
            % {"number": (publication.number or 0) - 1},
        },
    ]


LATE_AFTER = datetime.timedelta(minutes=1)  # a worker polls every second, and may be busy


def is_late(publication: Publication) -> bool:
    """Whether its moment has passed while it is still only scheduled, by the database's clock."""
    at = publication.scheduled_at
    return publication.state == PublicationState.SCHEDULED and at is not None and now() - at > LATE_AFTER


def lateness_sentence(publication: Publication) -> str:
    """Return since when it is late, the number of attempts, the next attempt, and what refuses it
    if anything does; empty if it is not late."""
    at = publication.scheduled_at
    if at is None or not is_late(publication):
        return ""
    since = moment_with_time_zone(at)
    work = scheduler.get_open_work(kind=LIFT_KIND, key=str(publication.uuid))
    if work is None or not work.attempts:
        return _(
            "Late since %(since)s, and not tried yet: "
            "the program that publishes at this moment is not running."
        ) % {"since": since}
    words = ngettext(
        "Late since %(since)s, because of a fault on our side. Tried %(count)d time, next at %(next)s.",
        "Late since %(since)s, because of a fault on our side. Tried %(count)d times, next at %(next)s.",
        work.attempts,
    ) % {"since": since, "count": work.attempts, "next": moment_with_time_zone(work.next_attempt_at)}
    if work.refusal is None:
        return words
    return " ".join([words, _("What prevents it: %(reason)s") % {"reason": refusal_text(work.refusal)}])


def contact_access_rows(
    publication: Publication, access: Access, *, agreed: bool = False
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return everyone whom the organisation of `access` asked, and outlets asked by others and not
    revoked; `agreed`: only those who agreed. Three queries."""
    accesses = list(queries.accesses_of(publication))
    contacts = queries.contacts_with(one.contact for one in accesses)
    ours = [one for one in accesses if one.organisation_id == access.organisation.pk]
    current = EmbargoFeed.objects.filter(contact__in=[one.contact for one in ours], ended_at=None)
    feeds = {feed.contact: feed for feed in current}
    theirs = [
        contacts[one.contact]
        for one in accesses
        if one.organisation_id != access.organisation.pk
        and one.contact in contacts
        and one.revoked_at is None
        and not (agreed and one.agreed_at is None)
    ]
    rows = [_contact_access_row(one, contacts.get(one.contact), feeds.get(one.contact)) for one in ours]
    return rows, _other_outlets(theirs)


def _other_outlets(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    """Return outlets in the order in which they were asked, with the number of people per language: the
    people are visible only to the organisation that brought them."""
    outlets = {one.outlet.uuid: one.outlet.name for one in contacts}
    counts = Counter((one.outlet.uuid, one.language) for one in contacts)
    return [
        {
            "outlet": uuid,
            "name": name,
            "languages": [
                {"name": str(code.label), "count": counts[uuid, code]}
                for code in Language
                if counts[uuid, code]
            ],
        }
        for uuid, name in outlets.items()
    ]


def _contact_access_row(
    one: queries.AnnotatedAccess, contact: Contact | None, feed: EmbargoFeed | None
) -> dict[str, Any]:
    """Return one of our own media contacts. `shape`: the state's form and colour; `calendar` describes the
    URL of their calendar, if any; `is_there`: not removed."""
    there = contact if contact is not None and contact.removed_at is None else None
    state, shape, note, calendar = _("Asked, has not agreed"), "unopened", "", ""
    if one.revoked_at is not None:
        state, shape = _("Taken back"), "objects"
    elif one.agreed_at is not None:
        state, shape = _("Agreed to the embargo"), "approved"
        note = f"{EmbargoWay(one.agreed_way).label}, {moment_with_time_zone(one.agreed_at)}"
    if feed is not None and feed.last_used_at is None:
        calendar = _("Has the address of their calendar, not asked for yet")
    elif feed is not None and feed.last_used_at is not None:
        calendar = _("Calendar last asked for: %(when)s") % {"when": moment_with_time_zone(feed.last_used_at)}
    return {
        "uuid": one.uuid,
        "name": there.name if there else _("A contact that was removed"),
        "outlet": there.outlet.name if there else "",
        "phone": there.phone if there else "",
        "state": state,
        "shape": shape,
        "note": note,
        "downloads": one.downloads,
        "opened": moment_with_time_zone(one.last_use) if one.last_use else "",
        "is_open": one.revoked_at is None,
        "has_agreed": one.agreed_at is not None,
        "calendar": calendar,
        "is_there": there is not None,
    }
