"""What has its moment in an hour, made in a process beside the server: `in_an_hour.…` for `Product.tell`."""

import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client
from django.urls import reverse

from coalition.accounts.actions.admission import invite_person
from coalition.accounts.models import Language, MembershipRole, Organisation, User
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Workspace
from documents.drafts.access import GuestData
from documents.drafts.actions.manage import create_draft, save_text
from documents.drafts.models import ApprovalRule, GuestPurpose
from documents.guests.actions import make_guest_link
from home.models import NewsIndexPage, NewsPage
from tests.broken import letters
from tests.conftest import sign_in
from tests.documents.approval import builders as rounds
from tests.documents.approval.offline_builders import link_for
from tests.documents.conftest import body
from tests.documents.publication.embargo import builders
from tests.documents.resolutions import asking
from tests.factories import PASSWORD, MembershipFactory

HOUR = datetime.timedelta(hours=1)


def everything(mails: str, secret: str) -> dict[str, Any]:
    """A text under embargo; in another workspace a round, a question, links and an invitation. An hour from
    now, by the clock that decides, each becomes public or ends. Where each is met, and who meets them.

    So many `mails` are due beside theirs, and one more in an hour. `secret`: of an authenticator app."""
    publication = builders.scheduled(rounds.stage())
    made, at = rounds.stage(), now() + HOUR
    organisation = made.organisations[1]
    round_ = made.put(rule=ApprovalRule.JOINED, deadline=at)
    question = asking.put(made, deadline=at)
    text = create_draft(access=made.access, title="Written meanwhile").texts.get(language=Language.KK)
    save_text(access=made.access, text=text, title="Written", lead="", body=body("Before."))
    _queue(int(mails))
    return {
        "embargo": reverse("documents_public:sheet", args=[publication.uuid]),
        "one-time link": reverse("one_time", args=[link_for(made, round_, organisation)[1]]),
        "guest link": reverse("guest", args=[_guest(made, at)]),
        "invitation": _invitation(made, organisation, at),
        "round": reverse("documents:decide_for", args=[round_.uuid, organisation.uuid]),
        "question": question.get_absolute_url(),
        "answer": reverse("documents:answer_question", args=[question.uuid, organisation.uuid]),
        "text": str(text.uuid),
        "representative": _signed_in(made.representatives[organisation.pk], made.workspace),
        "coordinator": _signed_in(made.coordinator, made.workspace),
        **_accounts(secret),
    }


def _signed_in(person: User, workspace: Workspace) -> dict[str, str]:
    key = sign_in(Client(), person).session.session_key
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={key}",
        "workspace": str(workspace.uuid),
    }


def _guest(made: rounds.Stage, ends: datetime.datetime) -> str:
    link, token = make_guest_link(
        access=made.access,
        draft=made.draft,
        guest=GuestData("A lawyer", "lawyer@tests.example", Language.EN),
        purpose=GuestPurpose.READ,
        reason="Reads it before it goes out",
    )
    type(link).objects.filter(pk=link.pk).update(expires_at=ends)
    return token


def _invitation(made: rounds.Stage, organisation: Organisation, ends: datetime.datetime) -> str:
    invitation = invite_person(
        by=made.representatives[organisation.pk],
        organisation=organisation,
        email="new@tests.example",
        name="New",
        role=MembershipRole.MEMBER,
        language="en",
    )
    type(invitation).objects.filter(pk=invitation.pk).update(expires_at=ends)
    mail = OutboxMail.objects.get(template="partners/invitation")
    return urlsplit(mail.context["link"]).path


def _queue(count: int) -> None:
    """So many that are due, and one more that is due in an hour."""
    letters.write(count + 1)
    OutboxMail.objects.filter(key=f"test:{count}").update(next_try_at=now() + HOUR)


def _accounts(secret: str) -> dict[str, str]:
    """Who signs in with a password alone, who with a code too; where a third one sets a password anew."""
    alone, app, forgot = (MembershipFactory().person for _number in range(3))
    for one in (alone, app):
        one.emailaddress_set.create(email=one.email, verified=True, primary=True)
    TOTP.activate(app, secret)
    key = [user_pk_to_url_str(forgot), default_token_generator.make_token(forgot)]
    address = reverse("account_reset_password_from_key", args=key)
    return {"alone": alone.email, "app": app.email, "password": PASSWORD, "new password": address}


def news() -> str:
    """News of the newsroom's own, published with a moment that is an hour away. Where it will be read."""
    index = NewsIndexPage.objects.get(locale__language_code="en")
    page = NewsPage(title="To come", locale=index.locale, live=False, go_live_at=now() + HOUR)
    index.add_child(instance=page)
    page.save_revision().publish()
    return page.get_url()
