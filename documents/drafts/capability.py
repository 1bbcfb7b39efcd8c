"""What drafts, their texts and versions register: messages, subjects, live topics, the live backend."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.registry import register_subjects
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from documents.capability import Capability, Topic, address_of
from documents.drafts.audit import KIND, draft_event_id, may_subscribe_to_draft
from documents.drafts.live import backend
from documents.drafts.models import Draft, DraftText, Handling, TextKind, Version
from documents.drafts.queries import drafts_for, versions_for

ACTIVITIES: Mapping[str, str | Promise] = {
    "draft_created": _("%(actor)s started the draft “%(title)s”."),
    "draft_archived": _("%(actor)s put the draft “%(title)s” into the archive."),
    "draft_brought_back": _("%(actor)s took the draft “%(title)s” out of the archive."),
    "draft_phases_set": _("%(actor)s set the dates of “%(title)s”."),
    "draft_renamed": _("%(actor)s renamed the draft “%(before)s”: it is called “%(title)s” now."),
    "draft_kind_changed": _("%(actor)s made the draft “%(title)s” another kind of text: %(text_kind)s."),
    "draft_marked": _("%(actor)s marked the draft “%(title)s”: %(handling)s."),
    "draft_readers_changed": _("%(actor)s changed who reads the draft “%(title)s”."),
    "text_saved": _("%(actor)s wrote in “%(title)s” (%(language)s)."),
    "text_suggested": _("%(actor)s suggested changes in “%(title)s” (%(language)s)."),
    "version_named": _("%(actor)s named version %(number)s of “%(title)s” (%(language)s): “%(name)s”."),
}
LABELS = {"handling": dict(Handling.choices), "text_kind": dict(TextKind.choices)}
ACTIONS: Mapping[str, str | Promise] = {
    "draft.created": _("Draft started"),
    "draft.changed": _("Title, kind, mark or readers of a draft changed"),
    "draft.phases_set": _("Set the dates of a draft"),
    "draft.archived": _("Draft archived"),
    "draft.brought_back": _("Draft taken out of the archive"),
    "text.saved": _("Text saved"),
    "text.up_to_date": _("Text marked as up to date"),
    "version.named": _("Version named"),
}
KINDS: Mapping[str, NotificationKind] = {
    "version_named": NotificationKind(
        sentence=_("%(actor)s named version %(number)s of “%(title)s” (%(language)s)."),
        outline=_("A version of a text that you worked on has a name."),
        icon="file",
    ),
    "text_changed": NotificationKind(
        sentence=_("%(actor)s changed “%(title)s” (%(language)s), where you wrote too."),
        outline=_("A text in which you wrote was changed."),
        icon="pen",
        together=_("“%(title)s” (%(language)s), where you wrote too, was changed. Changes: %(count)s."),
    ),
    "suggestion_accepted": NotificationKind(
        sentence=_("%(actor)s accepted your suggestion in “%(title)s” (%(language)s)."),
        outline=_("A suggestion of yours was accepted."),
        icon="check",
        together=_("Suggestions of yours in “%(title)s” (%(language)s) were accepted: %(count)s."),
    ),
    "suggestion_rejected": NotificationKind(
        sentence=_("%(actor)s rejected your suggestion in “%(title)s” (%(language)s)."),
        outline=_("A suggestion of yours was rejected."),
        icon="x",
        together=_("Suggestions of yours in “%(title)s” (%(language)s) were rejected: %(count)s."),
    ),
}


def _texts_for(user: User) -> QuerySet[DraftText]:
    return DraftText.objects.filter(draft__in=drafts_for(user).order_by().values("pk"))


def _drafts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Draft.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


def _texts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = DraftText.objects.filter(uuid__in=uuids).select_related("draft").only("uuid", "language", "draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.get_absolute_url()) for row in rows}


def _versions(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Version.objects.filter(uuid__in=uuids).select_related("text__draft").defer("canonical")
    return {row.uuid: SubjectDescription(row.text.draft.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {
    "draft": NotificationSubject(drafts_for, _drafts, address_of("draft")),
    "text": NotificationSubject(_texts_for, _texts),
    "version": NotificationSubject(versions_for, _versions, address_of("version")),
}


def _connect() -> None:
    backend.register_live_backend()
    register_subjects(TextKind.choices)


DRAFTS = Capability(
    name="drafts",
    urls="documents.drafts.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    activity_links={"draft": "documents:draft"},
    labels=LABELS,
    notification_kinds=KINDS,
    subjects=SUBJECTS,
    topics={KIND: Topic(may_subscribe_to_draft, draft_event_id)},
    connect=_connect,
)
