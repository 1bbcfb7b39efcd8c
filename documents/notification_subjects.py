"""Drafts, texts, versions, files that came in, rounds and publications as what notifications are about."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from coalition.accounts.models import User
from coalition.workspaces.notifications.subjects import SubjectDescription, register_subject
from documents.approval.models import ApprovalRound
from documents.approval.queries.rounds import asked_of
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.queries import drafts_for, versions_for
from documents.interchange.models import IncomingFile
from documents.interchange.queries import incoming_for
from documents.publication.models import Publication
from documents.publication.queries import public_publications, publications_with_all
from documents.resolutions.models import Question
from documents.resolutions.queries import readable_questions


def register() -> None:
    """Say who may see them and how they are described."""
    register_subject("draft", visible=drafts_for, describe=_drafts, address=_at("draft"))
    register_subject("text", visible=_texts_for, describe=_texts)
    register_subject("version", visible=versions_for, describe=_versions, address=_at("version"))
    register_subject("round", visible=_rounds_for, describe=_rounds, address=_at("round"))
    register_subject("question", visible=readable_questions, describe=_questions)
    register_subject("incoming", visible=incoming_for, describe=_incoming)
    register_subject(
        "publication", visible=_publications_for, describe=_publications, address=_at("publication")
    )


def _at(name: str) -> Callable[[UUID], str]:
    """The address of this name, which takes the subject's UUID alone."""
    return lambda uuid: reverse(f"documents:{name}", args=[uuid])


def _texts_for(user: User) -> QuerySet[DraftText]:
    return DraftText.objects.filter(draft__in=drafts_for(user).order_by().values("pk"))


def _rounds_for(user: User) -> QuerySet[ApprovalRound]:
    """Of drafts that the person may read, and in which they may decide, with or without a seat."""
    decides = asked_of(user).order_by().filter(round=OuterRef("pk"))
    return ApprovalRound.objects.filter(
        Q(draft__in=drafts_for(user).order_by().values("pk")) | Exists(decides)
    )


def _publications_for(_user: User) -> QuerySet[Publication]:
    """They are public, or were."""
    return public_publications()


def _drafts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Draft.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


def _texts(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = DraftText.objects.filter(uuid__in=uuids).select_related("draft").only("uuid", "language", "draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.get_absolute_url()) for row in rows}


def _incoming(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Files that came back into a text: the text has the title."""
    rows = IncomingFile.objects.filter(uuid__in=uuids).select_related("text__draft").defer("reading")
    return {
        row.uuid: SubjectDescription(row.text.draft.title if row.text else row.title, row.get_absolute_url())
        for row in rows
    }


def _versions(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Version.objects.filter(uuid__in=uuids).select_related("text__draft").defer("canonical")
    return {row.uuid: SubjectDescription(row.text.draft.title, row.get_absolute_url()) for row in rows}


def _rounds(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = ApprovalRound.objects.filter(uuid__in=uuids).select_related("draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.get_absolute_url()) for row in rows}


def _questions(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Question.objects.filter(uuid__in=uuids)
    return {row.uuid: SubjectDescription(row.title, row.get_absolute_url()) for row in rows}


def _publications(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    return {
        row.uuid: SubjectDescription(row.title, reverse("documents:publication", args=[row.uuid]))
        for row in publications_with_all().filter(uuid__in=uuids)
    }
