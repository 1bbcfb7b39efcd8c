"""Remove the demo's data and nothing else: what was seeded, and what its people did since."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, ProtectedError, Q, QuerySet, RestrictedError
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from coalition.accounts.models import MembershipRequest, Organisation, Vouch
from coalition.accounts.queries import demo_people
from coalition.audit import log
from coalition.audit.models import AuditEntry
from coalition.consent.files import delete_on_commit
from coalition.consent.site import VIDEO_FILES
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.realtime import store as realtime_log
from coalition.workspaces.models import Workspace
from demo.load import load
from demo.seed.consent import remove_consent
from demo.seed.remove_campaigns import remove_campaigns
from demo.seed.restart_pages import restart_pages
from documents.glossary.actions import undo_glossary_changes
from documents.models import (
    Acceptance,
    Agreement,
    ApprovalRound,
    ChainHead,
    Contact,
    Draft,
    DraftText,
    Fact,
    OpenLetter,
    Outlet,
    Publication,
    Question,
    StoredFile,
)
from documents.publication.actions import delete_organisation_logo
from events.exhibitions.guest_book.actions import CODE_KIND as GUEST_BOOK
from events.exhibitions.works.actions import CODE_KIND, delete_copy
from events.exhibitions.works.reminders import reminder_keys
from events.models import (
    ConditionPhoto,
    Enquiry,
    Event,
    EventTask,
    PrintedCode,
    ShiftAssignment,
    Spokesperson,
    Work,
)
from events.volunteers import notifications as volunteers_notifications
from home.models import (
    CampaignPage,
    DemoThing,
    FilmPage,
    NewsPage,
    PublicImage,
    PublicVideo,
    StoryIndexPage,
    StoryPage,
    Topic,
)


class DemoDataInUse(Exception):
    """Objects that are not the demo's depend on its data; the message says which."""


def remove() -> None:
    """Delete the demo's people, organisations, workspaces, texts, pages, pictures and files.

    Runs in one transaction; files are deleted after the commit. Raises DemoDataInUse and changes nothing.
    """
    try:
        with transaction.atomic():
            _remove()
    except (ProtectedError, RestrictedError) as error:
        raise DemoDataInUse(_("Things that are not the demo's belong to its organisations.")) from error


def _remove() -> None:
    people = list(demo_people())
    workspaces = Workspace.objects.filter(Q(pk__in=_seeded(Workspace)) | Q(created_by__in=people))
    workspaces_gone = list(workspaces.values_list("pk", "uuid"))
    workspace_ids = [pk for pk, _uuid in workspaces_gone]
    publications = Publication.objects.filter(draft__workspace__in=workspace_ids)
    _check_chain(publications)
    files = StoredFile.objects.filter(workspace__in=workspace_ids)
    hashes = set(files.values_list("sha256", flat=True)) - {""}
    _forget_plans(workspace_ids)
    site_was_seeded = DemoThing.objects.exists()
    _remove_pages(Q(owner__in=people) | Q(newspage__publication__in=publications))
    OpenLetter.objects.filter(draft__workspace__in=workspace_ids).delete()
    remove_consent([row["key"] for row in _seeded(Organisation)])
    remove_campaigns(workspaces=workspace_ids, organisations=[row["key"] for row in _seeded(Organisation)])
    _remove_agreements(Agreement.objects.filter(publication__in=publications))
    for publication in publications.order_by("-number"):
        publication.delete()
    _mend_chain()
    for image in PublicImage.objects.filter(
        Q(pk__in=_seeded(PublicImage)) | Q(uploaded_by_user__in=people) | Q(sha256__in=hashes)
    ):
        image.delete()
    Topic.objects.filter(pk__in=_seeded(Topic)).delete()
    ApprovalRound.objects.filter(draft__workspace__in=workspace_ids).delete()
    _remove_files(files)
    _remove_works(Work.objects.filter(exhibition__event__workspace__in=workspace_ids))
    events = Event.objects.filter(workspace__in=workspace_ids)
    PrintedCode.objects.filter(kind=GUEST_BOOK, target__in=events.values("uuid")).delete()
    _remove_public_pictures(events)
    Group.objects.filter(grant__workspace__in=workspace_ids).delete()
    texts = DraftText.objects.filter(draft__workspace__in=workspace_ids)
    realtime_log.delete_documents(texts.values_list("uuid", flat=True))
    Workspace.objects.filter(pk__in=workspace_ids).delete()
    _remove_people([person.uuid for person in people], [uuid for _pk, uuid in workspaces_gone])
    DemoThing.objects.all().delete()
    if site_was_seeded:
        _restart_site()


def _restart_site() -> None:
    """Reset the pages that the demo filled in."""
    demo = load()
    leads = (demo.home["sections"][0]["lead"], demo.partners["lead"], demo.about["lead"])
    restart_pages(with_leads=[words for lead in leads for words in lead.values()])


def _seeded(model: type[Model]) -> "QuerySet[DemoThing, dict[str, Any]]":
    rows = DemoThing.objects.filter(kind__app_label=model._meta.app_label, kind__model=model._meta.model_name)
    return rows.values("key")  # type: ignore[return-value]  # a TypedDict is a dict


def _forget_plans(workspace_ids: Collection[int]) -> None:
    """Delete the scheduled work of these workspaces: reminders, outcomes, publications."""
    of_drafts = Q(draft__workspace__in=workspace_ids)
    rows: list[QuerySet[Any]] = [
        *(model.objects.filter(of_drafts) for model in (ApprovalRound, Publication, DraftText)),
        *(
            model.objects.filter(workspace__in=workspace_ids)
            for model in (Draft, Question, Enquiry, Spokesperson)
        ),
        Agreement.objects.filter(publication__draft__workspace__in=workspace_ids),
        EventTask.objects.filter(event__workspace__in=workspace_ids),
    ]
    scheduler.delete_work(str(uuid) for one in rows for uuid in one.values_list("uuid", flat=True))
    assignments = ShiftAssignment.objects.filter(shift__event__workspace__in=workspace_ids)
    scheduler.delete_work(
        key for one in assignments for key in volunteers_notifications.reminder_keys(one.uuid)
    )


def _check_chain(publications: QuerySet[Publication]) -> None:
    first = publications.order_by("number").values_list("number", flat=True).first()
    later = Publication.objects.exclude(pk__in=publications.values("pk"))
    if first is not None and later.filter(number__gt=first).exists():
        raise DemoDataInUse(_("Publications that are not the demo's follow its own in the chain."))


def _mend_chain() -> None:
    """Let the chain end where it ended before the demo's first publication."""
    last = Publication.objects.exclude(number=None).order_by("-number").first()
    ChainHead.objects.update(number=last.number if last else 0, hash=last.hash if last else "")


def _remove_pages(which: Q) -> None:
    keys = list(Page.objects.filter(which | Q(pk__in=_seeded(Page))).values_list("pk", flat=True))
    for model in (NewsPage, StoryPage, StoryIndexPage, FilmPage, CampaignPage):
        for page in model.objects.filter(pk__in=keys):
            page.delete()
    _remove_videos(PublicVideo.objects.filter(pk__in=_seeded(PublicVideo)))
    PageLogEntry.objects.filter(page__in=keys).delete()


def _remove_videos(videos: QuerySet[PublicVideo]) -> None:
    """Delete videos with their files and captions."""
    for video in videos:
        for file in (getattr(video, name) for name in VIDEO_FILES):
            if file:
                delete_on_commit(file.storage, str(file.name))
        video.delete()


def _remove_agreements(agreements: QuerySet[Agreement]) -> None:
    Acceptance.objects.filter(agreement__in=agreements).delete()
    agreements.delete()


def _remove_contacts(organisations: Collection[UUID]) -> None:
    """Delete the media contacts of these organisations."""
    Contact.objects.filter(organisation__in=organisations).delete()
    Outlet.objects.filter(organisation__in=organisations).delete()


def _remove_requests(organisations: QuerySet[Organisation]) -> None:
    """Delete seeded requests for membership, those that made one of these organisations, and vouches."""
    seeded = Q(pk__in=_seeded(MembershipRequest)) | Q(organisation__in=organisations)
    MembershipRequest.objects.filter(seeded).delete()
    Vouch.objects.filter(organisation__in=organisations).delete()


def _remove_files(files: QuerySet[StoredFile]) -> None:
    both = [one for file in files for one in (file.file, file.clean_file)]
    kept = [(one.storage, one.name) for one in both if one.name]
    files.delete()
    for storage, name in kept:
        transaction.on_commit(partial(storage.delete, name))


def _remove_public_pictures(events: QuerySet[Event]) -> None:
    """Delete the public copies of pictures; the events are deleted with their workspaces."""
    for event in events.exclude(public_picture=""):
        kept = event.public_picture
        if kept.name:
            transaction.on_commit(partial(kept.storage.delete, kept.name))


def _remove_works(works: QuerySet[Work]) -> None:
    """Delete thumbnails, photographs, reminders and printed codes of works."""
    uuids = list(works.values_list("uuid", flat=True))
    PrintedCode.objects.filter(kind=CODE_KIND, target__in=uuids).delete()
    scheduler.delete_work(key for uuid in uuids for key in reminder_keys(uuid))
    photos = ConditionPhoto.objects.filter(report__work__in=works).values_list("file", flat=True)
    for name in [*works.exclude(drawn="").values_list("drawn", flat=True), *photos]:
        transaction.on_commit(partial(delete_copy, name))


def _remove_people(people: Collection[UUID], workspaces: Collection[UUID]) -> None:
    """Delete the accounts, their organisations and glossary edits, and every row that names them."""
    undo_glossary_changes(people=demo_people())
    founded = AuditEntry.objects.filter(action="organisation.created", actor__uuid__in=people)
    ours = Q(pk__in=_seeded(Organisation)) | Q(uuid__in=list(founded.values_list("target", flat=True)))
    organisations = Organisation.objects.filter(ours)
    _remove_requests(organisations)
    Acceptance.objects.filter(organisation__in=organisations).delete()
    Fact.objects.filter(owner__in=organisations).delete()
    _remove_contacts(list(organisations.values_list("uuid", flat=True)))
    for organisation in organisations:
        delete_organisation_logo(organisation)
        organisation.memberships.all().delete()
        organisation.delete()
    outbox.delete_mail_of(people)
    log.erase_entries(actors=people, workspaces=workspaces)
    accounts = demo_people()
    ModelLogEntry.objects.filter(user__in=accounts).delete()
    accounts.delete()
