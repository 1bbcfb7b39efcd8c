"""Lists of drafts, their texts and versions: the only place where they come from."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.models import User
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.approval.models.rounds import ApprovalRound
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.models.draft import Draft, DraftText, Version
from documents.drafts.queries.handling_marks import marked_for
from documents.publication.models.publication import Publication

READING_ROLES = [role for role in SeatRole if Right.SEE_DRAFTS in RIGHTS[role]]


def reading_seats(user: User) -> QuerySet[Seat]:
    """The person's seats that let drafts and files be read."""
    return active_seats(user).filter(role__in=READING_ROLES)


def drafts_for(user: object, workspace: Workspace | None = None) -> QuerySet[Draft]:
    """Drafts the person may read, archived ones too, in one query. Anonymous people: none.

    A restricted draft is for people with a seat on behalf of an organisation in its list: guardian's
    rows say so, and the seats again, so that a frozen or left organisation ends at once. The handling mark
    narrows further: named people, or the draft's own organisation. Coordinators are no exception.
    """
    if not isinstance(user, User) or not user.is_active:
        return Draft.objects.none()
    listed = Draft.restricted_to.through.objects.filter(
        draft=OuterRef("pk"),
        organisation__in=reading_seats(user)
        .filter(workspace=OuterRef(OuterRef("workspace")))
        .values("organisation"),
    )
    granted = get_objects_for_user(
        user,
        "read_restricted_draft",
        Draft,
        accept_global_perms=False,
        with_superuser=False,
        use_groups=True,
    )
    rows = Draft.objects.filter(
        Q(workspace__in=reading_seats(user).values("workspace")),
        Q(restricted=False) | Q(Exists(listed), pk__in=granted.order_by().values("pk")),
        marked_for(user, Draft, reading_seats(user)),
        workspace__in=workspaces_for(user, Right.SEE_DRAFTS),
    )
    return rows.filter(workspace=workspace) if workspace is not None else rows


def with_texts(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """The same drafts with what a list shows of each, in two queries whatever their number."""
    texts = DraftText.objects.select_related("based_on", "changed_by", "changed_for").defer("body", "marked")
    return drafts.select_related("workspace", "organisation").prefetch_related(
        Prefetch("texts", queryset=texts.order_by("id"))
    )


def texts_of(draft: Draft) -> QuerySet[DraftText]:
    """The language versions of a draft the caller may read, with who changed them last."""
    return draft.texts.select_related("based_on", "changed_by", "changed_for", "draft")


def live_text_for(user: object, uuid: UUID) -> DraftText | None:
    """The text whose live document has this UUID, if the person may read its draft: one query."""
    rows = DraftText.objects.filter(uuid=uuid, draft__in=drafts_for(user))
    return rows.select_related("draft__workspace").first()


def texts_to_put(draft: Draft, languages: Collection[str]) -> list[tuple[DraftText, Version | None]]:
    """Texts of a draft the caller may read, each with the newest version that says what it says now."""
    texts = texts_of(draft).filter(language__in=languages).order_by("id")
    return [
        (text, text.versions.filter(hash=text.content_hash).order_by("-number").first()) for text in texts
    ]


def versions_for(user: object, workspace: Workspace | None = None) -> QuerySet[Version]:
    """Named versions of the drafts that the person may read, newest first."""
    rows = Version.objects.filter(text__draft__in=drafts_for(user, workspace))
    return rows.select_related(
        "text__draft__workspace", "text__draft__organisation", "created_by", "organisation"
    ).order_by("-created_at", "-id")


def drafts_in_work(user: object) -> QuerySet[Draft]:
    """Drafts on the desk: readable, not archived, of workspaces that are not archived; newest first.

    With `in_approval` (a round is open) and `published` (public now).
    """
    rows = drafts_for(user).filter(archived_at=None, workspace__archived_at=None)
    rounds = ApprovalRound.objects.filter(draft=OuterRef("pk"), state=RoundState.OPEN)
    public = Publication.objects.filter(draft=OuterRef("pk"), state=PublicationState.PUBLIC)
    return (
        with_texts(rows)
        .annotate(in_approval=Exists(rounds), published=Exists(public))
        .order_by("-changed_at")
    )
