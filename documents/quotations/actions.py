"""Consent of speakers to their quotations, required for publication: asking by a link, recording."""

import datetime
import secrets

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _, override

from coalition.accounts.models import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from documents.canonical.passages import QuotedStatement
from documents.drafts import audit as drafts_audit
from documents.drafts.access import NoSuchLink
from documents.drafts.models import Draft
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import coordinators_of
from documents.hooks import HOOKS
from documents.quotations.models import QuotationConsent
from documents.quotations.queries import consent_of_token, quotations_in

LINK_LIFETIME = datetime.timedelta(days=14)


def ask_speaker(
    *, access: Access, draft: Draft, digest: str, email: str, language: Language
) -> tuple[QuotationConsent, str]:
    """Mail the speaker a link to approve one quotation of the current text; return it with its
    token, which is not available later. Raises NotAllowed for anyone who does not coordinate,
    Refused if the text has changed."""
    statement = _require_quotation(draft, digest)
    with transaction.atomic():
        locked = _lock_draft(access, draft)
        token = secrets.token_urlsafe(32)
        row = _consent_row(access, locked, statement)
        row.email, row.token_hash = email.strip(), hash_token(token)
        row.expires_at = row.asked_at + LINK_LIFETIME
        row.save()
        with override(language):
            until = date_format(localtime(row.expires_at), "DATETIME_FORMAT")
        outbox.queue_mail(
            key=f"quotation:{row.uuid}",
            template="documents/quotation",
            language=language,
            address=row.email,
            context={
                "name": statement.speaker,
                "until": until,
                "button_url": absolute_url(reverse("quotation", args=[token])),
            },
        )
        drafts_audit.record_document_audit(
            thing=locked,
            access=access,
            action="quotation.asked",
            language=row.language,
            digest=digest,
        )
    return row, token


def record_consent(*, access: Access, draft: Draft, digest: str, how: str) -> QuotationConsent:
    """Record that the speaker approved the quotation, and by what means.

    Raises as above, and Refused without the means.
    """
    statement = _require_quotation(draft, digest)
    if not how.strip():
        raise Refused(_("Say how and when the speaker approved it: in a call, by a message, on paper."))
    with transaction.atomic():
        locked = _lock_draft(access, draft)
        row = _consent_row(access, locked, statement)
        row.how, row.given_at = how.strip()[:200], row.asked_at
        row.save()
        drafts_audit.record_document_audit(
            thing=locked,
            access=access,
            action="quotation.approved",
            language=row.language,
            digest=digest,
        )
        for follow in HOOKS.quotation_answered:
            follow(locked)
    return row


def answer_by_link(*, token: str, approves: bool) -> QuotationConsent:
    """Record the speaker's only answer. Raises NoSuchLink for a token that is not or no longer valid."""
    with transaction.atomic():
        found = consent_of_token(token)
        if found is None:
            raise NoSuchLink
        drafts = Draft.objects.select_for_update(of=("self",)).select_related("workspace")
        draft = drafts.get(pk=found.draft_id)
        row = consent_of_token(token)
        if row is None:
            raise NoSuchLink  # answered while waiting for the lock
        row.given_at, row.refused_at = (now(), None) if approves else (None, now())
        row.save(update_fields=["given_at", "refused_at"])
        log.record_audit(
            "quotation.approved" if approves else "quotation.refused",
            actor=None,
            target_kind="draft",
            target=draft.uuid,
            workspace=draft.workspace.uuid,
            language=row.language,
            digest=row.digest,
        )
        notify(
            people=coordinators_of(draft),
            kind="quotation_approved" if approves else "quotation_refused",
            workspace=draft.workspace,
            actor=None,
            organisation=None,
            subject_kind="draft",
            subject=draft.uuid,
            once=f"quotation:{row.uuid}",
            language=row.language,
        )
        for follow in HOOKS.quotation_answered:
            follow(draft)
    return row


def _require_quotation(draft: Draft, digest: str) -> QuotedStatement:
    for quotation in quotations_in(draft):
        if quotation.statement.digest == digest:
            return quotation.statement
    raise Refused(_("This quotation was changed or taken out a moment ago. Look at the list again."))


def _lock_draft(access: Access, draft: Draft) -> Draft:
    locked = Draft.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=draft.pk)
    require_that(may_submit_for_approval(access, locked))
    return locked


def _consent_row(access: Access, draft: Draft, statement: QuotedStatement) -> QuotationConsent:
    return QuotationConsent(
        draft=draft,
        language=statement.language,
        digest=statement.digest,
        speaker=statement.speaker[:300],
        role=statement.role[:300],
        words=statement.words,
        asked_by=access.user,
        organisation=access.organisation,
        asked_at=now(),
    )
