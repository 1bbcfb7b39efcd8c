"""Comment threads and who may read them.

A thread for the workspace is for everyone who may read the draft. One for an organisation is for
people who read the draft with a seat on its behalf; coordinators are no exception. A legal thread
is for its reader and the coordinators.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from coalition.accounts.models import Membership, Organisation, User
from coalition.roles import SeatRole
from coalition.workspaces.models import Seat
from documents.comments.models import Comment, LegalReader, Mention, Thread
from documents.drafts.models import Audience, Draft, DraftText, Handling
from documents.drafts.queries import drafts_for, reading_seats, seats_reading


def threads_for(user: object, text: DraftText | None = None) -> QuerySet[Thread]:
    """Return threads that the person may read, oldest first, without those whose comments are all deleted.

    One query; with `with_comments` three, whatever their number.
    """
    if not isinstance(user, User) or not user.is_active:
        return Thread.objects.none()
    present = Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None)
    rows = Thread.objects.filter(_readable_by(user), Exists(present), text__draft__in=drafts_for(user))
    if text is not None:
        rows = rows.filter(text=text)
    return rows.select_related(
        "text__draft__workspace",
        "organisation",
        "created_by",
        "reader__person",
        "reader__organisation",
        "resolved_by",
        "resolved_for",
    ).order_by("id")


def _readable_by(user: User) -> Q:
    seats = reading_seats(user).filter(workspace=OuterRef("text__draft__workspace"))
    own = seats.filter(organisation=OuterRef("organisation"))
    coordinates = Exists(seats.filter(_reads_draft(), role=SeatRole.COORDINATOR))
    reads = legal_readers_of(user).filter(pk=OuterRef("reader"))
    return (
        Q(audience=Audience.WORKSPACE)
        | Q(Exists(own), audience=Audience.ORGANISATION)
        | (Q(audience=Audience.LEGAL) & (Q(coordinates) | Q(Exists(reads))))
    )


def _reads_draft() -> Q:
    """Seats on behalf of an organisation admitted by the list and mark of the thread's draft. People with
    another seat read the draft by that one; it does not make them coordinators of the draft."""
    listed = Draft.restricted_to.through.objects.filter(
        draft=OuterRef(OuterRef("text__draft")), organisation=OuterRef("organisation")
    )
    drafts = Draft.objects.filter(pk=OuterRef(OuterRef("text__draft")))
    unlisted = drafts.filter(restricted=False)
    marked = drafts.exclude(handling=Handling.ORGANISATION)
    own = drafts.filter(organisation=OuterRef("organisation"))
    return (Q(Exists(unlisted)) | Q(Exists(listed))) & (Q(Exists(marked)) | Q(Exists(own)))


def legal_readers_of(user: User) -> QuerySet[LegalReader]:
    """Return the person's current legal readings: named for a draft, and with a valid seat."""
    seats = reading_seats(user).filter(
        workspace=OuterRef("draft__workspace"), organisation=OuterRef("organisation")
    )
    return LegalReader.objects.filter(Exists(seats), person=user, ended_at=None)


def legal_readers_on(draft: Draft) -> QuerySet[LegalReader]:
    """Return the legal readers named for a draft, for its coordinators."""
    rows = LegalReader.objects.filter(draft=draft, ended_at=None, person__isnull=False)
    return rows.select_related("person", "organisation")


def with_comments(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """Return the same threads with all comments, each with `author_stays` (still a member of that
    organisation) and its mentions."""
    member = Membership.objects.filter(
        person=OuterRef("author"), organisation=OuterRef("organisation"), ended_at=None
    )
    mentions = Mention.objects.select_related("person", "organisation")
    comments = (
        Comment.objects.select_related("author", "organisation")
        .annotate(author_stays=Exists(member))
        .prefetch_related(Prefetch("mentions", queryset=mentions))
    )
    return threads.prefetch_related(Prefetch("comments", queryset=comments))


def author_stays(comment: Comment) -> bool:
    """Whether the author of a comment loaded by `with_comments` is still a member of the
    organisation. Raises KeyError for any other comment."""
    return bool(vars(comment)["author_stays"])


def comments_of(user: object) -> QuerySet[Comment]:
    """Return the person's comments in threads they may still read; deleted ones too, for undo."""
    if not isinstance(user, User):
        return Comment.objects.none()
    threads = Thread.objects.filter(_readable_by(user), text__draft__in=drafts_for(user))
    rows = Comment.objects.filter(author=user, thread__in=threads)
    return rows.select_related(
        "thread__text__draft__workspace", "thread__reader", "thread__organisation", "organisation"
    )


def threads_of_guest(guest: UUID, text: DraftText) -> QuerySet[Thread]:
    """Return the own threads of the guest who holds this link. The caller has checked the link."""
    present = Comment.objects.filter(thread=OuterRef("pk"), deleted_at=None)
    rows = Thread.objects.filter(Exists(present), audience=Audience.LEGAL, guest=guest, text=text)
    return rows.select_related("text__draft__workspace", "organisation", "reader").order_by("id")


def seats_that_read(
    draft: Draft,
    *,
    audience: str,
    organisation: Organisation | None = None,
    reader: LegalReader | None = None,
) -> QuerySet[Seat]:
    """Return seats whose people would read a thread of this audience, with person and organisation.

    `organisation`: for a thread of an organisation; `reader`: for a legal thread (None if a guest reads).
    """
    rows = seats_reading(draft)
    if audience == Audience.ORGANISATION:
        return rows.filter(organisation=organisation)
    if audience == Audience.LEGAL:
        reads = Q(role=SeatRole.COORDINATOR)
        if reader is not None and reader.ended_at is None:
            reads |= Q(person=reader.person_id, organisation=reader.organisation_id)
        return rows.filter(reads)
    return rows


def seats_in_thread(thread: Thread) -> QuerySet[Seat]:
    """Return seats whose people may read the thread."""
    return seats_that_read(
        thread.text.draft,
        audience=thread.audience,
        organisation=thread.organisation,
        reader=thread.reader,
    )


def threads_about(draft: Draft) -> list[UUID]:
    """All threads on texts of the draft: activities are about them too."""
    return list(Thread.objects.filter(text__draft=draft).values_list("uuid", flat=True))
