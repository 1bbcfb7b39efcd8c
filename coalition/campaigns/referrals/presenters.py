"""What the pages of referral codes show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext, override

from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.core.share_links import telegram_link, whatsapp_link
from coalition.campaigns.referrals.models import ReferralCode
from coalition.campaigns.referrals.permissions import may_end_code
from coalition.campaigns.referrals.queries import CodeNumbers, open_count
from coalition.campaigns.referrals.targets import action_of, is_credited, story_address, title_of, titles_of
from coalition.core.localized_text import content_languages
from coalition.workspaces.permissions import Access
from events.core.pdf.typeset import address_of_code


@dataclass(frozen=True)
class CodeRow:
    """One code in the table. `title`: "" where what it leads to is not public now."""

    code: ReferralCode
    numbers: CodeNumbers
    mark: OrganisationMark
    label: str
    title: str
    address: str
    url: str
    card_url: str
    end_url: str
    resume_url: str
    has_credit: bool
    may_end: bool
    may_resume: bool


@dataclass(frozen=True)
class PassingOnMessage:
    """A message with the code's short link in one language, and the links that open a messenger with it.

    `story`: path of the picture for Stories, "" if there is none.
    """

    code: str
    name: str
    text: str
    current: bool
    whatsapp: str
    telegram: str
    story: str


def code_rows(access: Access, viewer: Viewer, numbers: Sequence[CodeNumbers]) -> list[CodeRow]:
    """Return the rows of the table; the titles of all things are asked for at once."""
    titles = titles_of({(one.code.action, one.code.target) for one in numbers}, get_language() or "")
    workspace = access.workspace.uuid
    return [
        CodeRow(
            code=one.code,
            numbers=one,
            mark=display_mark_for(viewer, one.code.organisation),
            label=_label_of(one.code.action),
            title=titles[one.code.action, one.code.target],
            address=address_of_code(one.code.code),
            url=reverse("campaigns:referral_code", args=[workspace, one.code.uuid]),
            card_url=reverse("campaigns:referral_code_pdf", args=[workspace, one.code.uuid]),
            end_url=reverse("campaigns:referral_code_end", args=[workspace, one.code.uuid]),
            resume_url=reverse("campaigns:referral_code_resume", args=[workspace, one.code.uuid]),
            has_credit=is_credited(one.code.action),
            may_end=one.code.ended_at is None and may_end_code(access, one.code),
            may_resume=one.code.ended_at is not None and may_end_code(access, one.code),
        )
        for one in numbers
    ]


def messages_of(code: ReferralCode) -> list[PassingOnMessage]:
    """Return a message for passing on in each language in which what the code leads to has a title."""
    own, url = (get_language() or "").split("-")[0], address_of_code(code.code)
    found = []
    for language, name in content_languages():
        with override(language):
            title = title_of(code.action, code.target, language)
        if title:
            text = f"{title}\n\n{url}"
            story = "" if code.ended_at else story_address(code.action, code.target, language, code.code)
            links = whatsapp_link(text), telegram_link(title, url), story
            found.append(PassingOnMessage(language, name, text, language == own, *links))
    return found


def codes_summary(access: Access) -> Summary:
    """Return the state of the section for the page of the campaign. One query."""
    count = open_count(access)
    if not count:
        return Summary(
            _("Your organisation has no code yet."),
            next_step=_("Make one: a short link and a QR code that show what brings people."),
        )
    words = ngettext("Your organisation has %(count)d code.", "Your organisation has %(count)d codes.", count)
    return Summary(words % {"count": count})


def _label_of(action: str) -> str:
    try:
        return str(action_of(action).label)
    except LookupError:
        return ""
