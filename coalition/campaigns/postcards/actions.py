"""Coordinators make designs of cards, order batches, close them, and show the numbers to everybody."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import REGIONS, Organisation
from coalition.audit import log
from coalition.campaigns.postcards.layout import card_content, check_fits
from coalition.campaigns.postcards.models import MOST_CARDS, Batch, CardDesign
from coalition.campaigns.postcards.permissions import may_lead_postcards, may_use_text_of
from coalition.campaigns.postcards.queries import designs_with_parts
from coalition.campaigns.postcards.words import card_words, hashes_of, is_usable, stop_reason, usable_pictures
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.actions import make_batch_codes, resume_referral_code
from coalition.campaigns.referrals.targets import targets_in
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import language_codes
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.models import StoredFile
from documents.publication.models import Publication

MOST_BATCHES: Final = 100  # made at once
MOST_SLUG: Final = 60  # letters of an address, which stands in the label of each code
NO_ORGANISATION: Final = _("Choose at least one organisation.")
_SLUG_IS_TAKEN = _("Another design has this address. Choose another one.")


class TooManyOrganisations(Refused):
    """More organisations are chosen than batches are made, so some would get none."""

    def __init__(self, *, count: int, chosen: int) -> None:
        words = _(
            "You ticked more organisations (%(chosen)s) than there are batches to make (%(count)s). Tick"
            " fewer, or make more batches."
        )
        super().__init__(words, count=count, chosen=chosen)


def create_design(
    *,
    access: Access,
    publication: Publication,
    slug: str,
    languages: Sequence[str],
    action: str,
    target: UUID,
    recipient: Body | Target | None = None,
    front_picture: StoredFile | None = None,
) -> CardDesign:
    """Make a design in the name of the organisation for which the person acts. Nothing is printed yet.

    Raises NotAllowed without the right; Refused if the address is taken, if the text, the picture, the
    recipient or what the code leads to cannot be used now, or if the words do not fit (CardTooFull).
    """
    require_that(may_lead_postcards(access), _("Coordinators make designs of postcards."))
    values = _checked(
        access,
        publication=publication,
        languages=languages,
        action=action,
        target=target,
        recipient=recipient,
        front_picture=front_picture,
    )
    with transaction.atomic():
        _check_usable(access, publication)
        with _slug_is_unique():
            design = CardDesign.objects.create(
                workspace=access.workspace,
                organisation=access.organisation,
                slug=_checked_slug(slug),
                created_by=access.user,
                created_at=now(),
                **values,
            )
        _audit(access, design, "card_design.created", publication=str(publication.uuid))
    return design


def change_design(
    *,
    access: Access,
    design: CardDesign,
    publication: Publication,
    slug: str,
    languages: Sequence[str],
    action: str,
    target: UUID,
    recipient: Body | Target | None = None,
    front_picture: StoredFile | None = None,
) -> CardDesign:
    """Change a design of which no batch was made yet. Raises as `create_design` does, and Refused if there is
    a batch: what may be printed never changes."""
    require_that(may_lead_postcards(access), _("Coordinators make designs of postcards."))
    values = _checked(
        access,
        publication=publication,
        languages=languages,
        action=action,
        target=target,
        recipient=recipient,
        front_picture=front_picture,
    )
    with transaction.atomic():
        locked = lock_design(access, design)
        if locked.batches.exists():
            raise Refused(_("Cards of this design are ordered, so it cannot be changed. Make a new design."))
        _check_usable(access, publication)
        values["slug"] = _checked_slug(slug)
        changed = [name for name, value in values.items() if getattr(locked, name) != value]
        for name, value in values.items():
            setattr(locked, name, value)
        if changed:
            with _slug_is_unique():
                locked.save(update_fields=changed)
            _audit(access, locked, "card_design.changed", fields=changed)
    return locked


def lock_design(access: Access, design: CardDesign) -> CardDesign:
    """Return the row, locked until the transaction ends, of the access's workspace. Raises DoesNotExist."""
    return designs_with_parts().select_for_update(of=("self",)).get(pk=design.pk, workspace=access.workspace)


def publish_design(*, access: Access, design: CardDesign) -> CardDesign:
    """Show everybody how many cards of it were printed, handed out, counted and delivered. Twice is one."""
    with transaction.atomic():
        locked = _lock_for_leading(access, design)
        if locked.published_at is None:
            if not locked.batches.exists():
                raise Refused(_("There is nothing to show yet: make a batch first."))
            locked.published_at = now()
            locked.save(update_fields=["published_at"])
            _audit(access, locked, "card_design.published")
    return locked


def unpublish_design(*, access: Access, design: CardDesign) -> CardDesign:
    """Take the numbers off the site. Twice is one."""
    with transaction.atomic():
        locked = _lock_for_leading(access, design)
        if locked.published_at is not None:
            locked.published_at = None
            locked.save(update_fields=["published_at"])
            _audit(access, locked, "card_design.unpublished")
    return locked


def make_batches(
    *,
    access: Access,
    design: CardDesign,
    count: int,
    quantity: int,
    organisations: Sequence[Organisation],
    region: str = "",
) -> list[Batch]:
    """Make so many batches of `quantity` cards, shared out in turn among the organisations, each with a code
    of its own.

    Raises NotAllowed; Refused for numbers that cannot be, an unknown region, more organisations than batches
    (TooManyOrganisations), an organisation that left or is frozen, or if no more cards of the design are made
    (`stop_reason`).
    """
    require_that(may_lead_postcards(access), _("Coordinators make batches."))
    _check_numbers(count, quantity)
    if region and region not in REGIONS:
        raise Refused(_("This region is not known."))
    if not organisations:
        raise Refused(NO_ORGANISATION)
    if len(organisations) > count:
        raise TooManyOrganisations(count=count, chosen=len(organisations))
    with transaction.atomic():
        locked = lock_design(access, design)
        if reason := stop_reason(locked):
            raise Refused(reason)
        first = (locked.batches.aggregate(last=Max("number"))["last"] or 0) + 1
        shared = list(islice(cycle(organisations), count))
        labelled = [(one, f"№ {first + place}, {locked.slug}") for place, one in enumerate(shared)]
        codes = make_batch_codes(access=access, action=locked.action, target=locked.target, batches=labelled)
        made = Batch.objects.bulk_create(
            Batch(
                design=locked,
                number=first + place,
                quantity=quantity,
                region=region,
                organisation=organisation,
                referral=codes[place],
                made_at=now(),
            )
            for place, organisation in enumerate(shared)
        )
        _audit(access, locked, "card_design.batches_made", first=first, n=count, quantity=quantity)
    return made


def reopen_batch(*, access: Access, batch: Batch) -> Batch:
    """Take back that a batch was closed. Raises Refused as `resume_referral_code` does. Twice is one."""
    with transaction.atomic():
        _lock_for_leading(access, batch.design)
        row = _lock_batch(batch)
        if row.closed_at is not None:
            if row.referral.ended_at is not None:
                resume_referral_code(access=access, code=row.referral)
            row.closed_at = None
            row.save(update_fields=["closed_at"])
            _audit(access, row.design, "card_design.batch_reopened", batch=row.number)
    return row


def _lock_for_leading(access: Access, design: CardDesign) -> CardDesign:
    require_that(may_lead_postcards(access), _("Coordinators make batches."))
    return lock_design(access, design)


def _lock_batch(batch: Batch) -> Batch:
    rows = Batch.objects.select_related("design", "referral__workspace", "referral__organisation")
    return rows.select_for_update(of=("self",)).get(pk=batch.pk)


def _checked(
    access: Access,
    *,
    publication: Publication,
    languages: Sequence[str],
    action: str,
    target: UUID,
    recipient: Body | Target | None,
    front_picture: StoredFile | None,
) -> dict[str, Any]:
    """Return the values of a design's row. Typesets, so outside of a transaction."""
    _check_usable(access, publication)
    chosen = list(dict.fromkeys(languages))
    if not chosen or not set(chosen) <= set(language_codes()):
        raise Refused(_("Choose at least one language."))
    if (action, target) not in {
        (one.action, one.uuid) for one in targets_in(access.workspace, get_language() or "")
    }:
        raise Refused(_("This is not public any more, so no code can lead to it."))
    body = recipient if isinstance(recipient, Body) else None
    person = recipient if isinstance(recipient, Target) else None
    _check_recipient(access, body or (person.body if person is not None else None), person)
    if front_picture is not None and not usable_pictures(access).filter(pk=front_picture.pk).exists():
        raise Refused(_("This picture cannot be used: it is not marked as public, or was deleted."))
    words = card_words(publication, chosen)
    check_fits(card_content(words=words, recipient=recipient, picture=front_picture))
    return {
        "publication": publication,
        "hashes": hashes_of(publication, chosen),
        "languages": chosen,
        "action": action,
        "target": target,
        "recipient_body": body,
        "recipient_target": person,
        "front_picture": front_picture,
        "front_picture_sha256": front_picture.sha256 if front_picture is not None else "",
    }


def _check_usable(access: Access, publication: Publication) -> None:
    if publication.draft.workspace_id != access.workspace.pk:
        raise Refused(_("This text belongs to another workspace."))
    require_that(may_use_text_of(access, publication.draft), _("Coordinators make designs of postcards."))
    if not is_usable(publication):
        raise Refused(_("This text is not public now, or is not of a kind for cards. Choose another one."))


def _check_recipient(access: Access, body: Body | None, person: Target | None) -> None:
    if body is None:
        return
    if body.workspace_id != access.workspace.pk or body.archived_at is not None:
        raise Refused(_("This recipient cannot be chosen here any more."))
    if person is not None and person.gone_on is not None:
        raise Refused(_("This person is not in office any more. Choose another recipient."))


def _check_numbers(count: int, quantity: int) -> None:
    if not 1 <= count <= MOST_BATCHES:
        raise Refused(_("Make between 1 and %(most)s batches at once."), most=MOST_BATCHES)
    if not 1 <= quantity <= MOST_CARDS:
        most = f"{MOST_CARDS:,}".replace(",", "\u00a0")
        raise Refused(_("A batch has between 1 and %(most)s cards."), most=most)


def _checked_slug(slug: str) -> str:
    if not 1 <= len(slug) <= MOST_SLUG:
        raise Refused(_("An address has between 1 and %(most)s letters."), most=MOST_SLUG)
    return slug


@contextmanager
def _slug_is_unique() -> Iterator[None]:
    """Raise Refused if the row inside has a slug that another one has."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise Refused(_SLUG_IS_TAKEN) from fault


def _audit(access: Access, design: CardDesign, action: str, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="card_design",
        target=design.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )
