"""What the public sees of appeals: the only place where it comes from."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.timezone import localdate

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.desk_queries import contact_offers_of, open_appeals
from coalition.campaigns.appeals.enums import AppealStage, SupportState
from coalition.campaigns.appeals.models import Appeal, AppealVersion, Support
from coalition.campaigns.referrals.models import ReferralCode
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState
from documents.publication.models import Publication, PublicationText, TakenOff
from documents.publication.queries import publications_for_sheets
from documents.publication.verification.findings import offline_row

ACTION = "appeal"  # of referral codes
# What `closed_reason` and the form need of a version: thousands ask for it in a minute.
_STANDING = (
    *("uuid", "number", "frozen_at", "publication", "table"),
    *("appeal__uuid", "appeal__workspace", "appeal__slug", "appeal__opened_at", "appeal__closes_on"),
    *("appeal__closed_at", "appeal__personal_data_until", "appeal__personal_data_ended_at"),
    "appeal__workspace__archived_at",
)


@dataclass(frozen=True)
class PublicAppeal:
    """An appeal that was opened, with its newest words as they stand on their approval sheet.

    `closed`: why it takes no support now, "" while it does (`closed_reason`).
    """

    appeal: Appeal
    version: AppealVersion
    publication: Publication
    table: Publication | None
    closed: str


def public_appeal(slug: str) -> PublicAppeal | None:
    """Return the appeal of an address; None if it was never opened. Seven queries at most."""
    rows = AppealVersion.objects.filter(appeal__slug=slug, appeal__opened_at__isnull=False)
    rows = rows.select_related("appeal__organisation", "appeal__workspace")
    version = rows.order_by("-number").first()
    if version is None:
        return None
    keys = [key for key in (version.publication_id, version.table_id) if key is not None]
    found = {row.pk: row for row in publications_for_sheets().filter(pk__in=keys)}
    version.publication = found[version.publication_id]  # with its texts, which its title needs
    version.table = found.get(version.table_id) if version.table_id is not None else None
    return PublicAppeal(
        appeal=version.appeal,
        version=version,
        publication=version.publication,
        table=version.table,
        closed=closed_reason(version, localdate(now())),
    )


def closed_reason(version: AppealVersion, day: datetime.date) -> str:
    """Return why the version takes no support on this day, "" while it does.

    "withdrawn": its text is public no more; "checked": text or comparative table are off the site while they
    are checked (neither is shown then); "over": closed, or its last day is past; "archived": its workspace
    is; "table": the comparative table is public no more; "awaited": a decision about one of them is awaited;
    "changed": one of them was corrected since. Needs `appeal__workspace`, and `publication` and `table` with
    `replaced_by` and `taken_off` loaded.
    """
    texts = [one for one in (version.publication, version.table) if one is not None]
    if version.publication.state != PublicationState.PUBLIC:
        return "withdrawn"
    if off_site_row(version) is not None:
        return "checked"
    if version.appeal.stage_on(day) != AppealStage.OPEN:
        return "over"
    if version.appeal.workspace.archived_at is not None:
        return "archived"
    if any(one.state != PublicationState.PUBLIC for one in texts):
        return "table"
    if any(one.awaiting_since is not None for one in texts):
        return "awaited"
    return "changed" if any(getattr(one, "replaced_by", None) is not None for one in texts) else ""


def off_site_row(version: AppealVersion) -> TakenOff | None:
    """Return the row that holds its text, or the table beside it, off the site while they are checked. Needs
    what `closed_reason` needs."""
    texts = [version.publication]
    if version.table is not None and version.table.state == PublicationState.PUBLIC:
        texts.append(version.table)
    return next((row for one in texts if (row := offline_row(one)) is not None), None)


def shows_title(version: AppealVersion, day: datetime.date) -> bool:
    """Whether its title may be shown: not once the text was withdrawn, nor while it is checked. Needs what
    `closed_reason` needs."""
    return closed_reason(version, day) not in {"withdrawn", "checked"}


def newest_version(appeal: int) -> AppealVersion | None:
    """Return the version of an opened appeal (primary key) that is supported now, with what `closed_reason`
    needs. Two queries."""
    return _standing(appeal=appeal)


def newest_version_at(slug: str) -> AppealVersion | None:
    """The same by the appeal's address."""
    return _standing(appeal__slug=slug)


def standing_version(version: int) -> AppealVersion:
    """Return one version (primary key) of an opened appeal, with what `closed_reason` needs. Two queries.
    Raises DoesNotExist."""
    found = _standing(pk=version)
    if found is None:
        raise AppealVersion.DoesNotExist
    return found


def _standing(**which: object) -> AppealVersion | None:
    """Two small queries: to plan one with all these joins takes PostgreSQL 8 ms, to answer it 0.3 ms."""
    rows = AppealVersion.objects.filter(appeal__opened_at__isnull=False, **which).order_by("-number")
    version = rows.select_related("appeal__workspace").only(*_STANDING).first()
    if version is not None:
        keys = [key for key in (version.publication_id, version.table_id) if key is not None]
        found = standing_publications().in_bulk(keys)
        version.publication = found[version.publication_id]
        version.table = found[version.table_id] if version.table_id is not None else None
    return version


def standing_publications() -> QuerySet[Publication]:
    """Publications with what `closed_reason` asks of them, and their UUID alone."""
    rows = Publication.objects.select_related("replaced_by", "taken_off")
    return rows.only("uuid", "state", "awaiting_since", "replaced_by__uuid", "taken_off__since")


def earlier_versions(version: AppealVersion) -> QuerySet[AppealVersion]:
    """Words that were supported before these, newest first."""
    rows = AppealVersion.objects.filter(appeal=version.appeal_id, number__lt=version.number)
    return rows.select_related("publication").order_by("-number")


def offered_organisations(appeal: Appeal) -> list[Organisation]:
    """Organisations that may ask for consent to write. One query."""
    return [offer.organisation for offer in contact_offers_of(appeal)]


def listed_supporters(version: AppealVersion) -> QuerySet[Support]:
    """Who ticked that their name is shown, but for names that the organisers hid. In an order that tells
    nothing of who came when."""
    rows = Support.objects.filter(version=version, state=SupportState.COUNTED, is_listed=True)
    return rows.filter(is_name_hidden=False).exclude(name="").order_by("uuid")


def is_code_of(code: str, appeal: Appeal) -> bool:
    """Whether the code leads to this appeal, also one that credits nobody any more."""
    return ReferralCode.objects.filter(code=code.upper(), action=ACTION, target=appeal.uuid).exists()


def appeals_open_now() -> list[AppealVersion]:
    """The newest version of each appeal that takes support today, the newest appeal first, with what titles
    need. Four queries."""
    rows = _newest_versions().filter(appeal__in=open_appeals()).order_by("-appeal")
    day = localdate(now())
    return [version for version in rows if not closed_reason(version, day)]


def _newest_versions() -> QuerySet[AppealVersion]:
    """The newest version of each appeal that was opened, with what `closed_reason` and titles need."""
    newest = AppealVersion.objects.filter(appeal=OuterRef("appeal")).order_by("-number").values("pk")[:1]
    rows = AppealVersion.objects.filter(pk=Subquery(newest), appeal__opened_at__isnull=False)
    texts = PublicationText.objects.select_related("version").order_by("id")
    with_texts = standing_publications().prefetch_related(Prefetch("texts", queryset=texts))
    return rows.select_related("appeal__workspace").prefetch_related(
        Prefetch("publication", queryset=with_texts), Prefetch("table", queryset=standing_publications())
    )


def newest_words_at(slug: str) -> AppealVersion | None:
    """Return the newest version of the opened appeal at an address, if its words are public. Four queries."""
    return _if_public(_newest_versions().filter(appeal__slug=slug).first())


def newest_words_of_all(appeals: Collection[UUID]) -> list[AppealVersion]:
    """The same of several. Four queries."""
    rows = _newest_versions().filter(appeal__uuid__in=appeals)
    return [version for version in rows if _if_public(version) is not None]


def newest_words_of(appeal: UUID) -> AppealVersion | None:
    """The same by the appeal's UUID."""
    return _if_public(_newest_versions().filter(appeal__uuid=appeal).first())


def _if_public(version: AppealVersion | None) -> AppealVersion | None:
    if version is None or version.publication.state != PublicationState.PUBLIC:
        return None
    return version if off_site_row(version) is None else None


def opened_in(workspace: Workspace) -> list[UUID]:
    """UUIDs of the workspace's appeals that were opened, newest first. One query."""
    rows = Appeal.objects.filter(workspace=workspace, opened_at__isnull=False).order_by("-pk")
    return list(rows.values_list("uuid", flat=True))
