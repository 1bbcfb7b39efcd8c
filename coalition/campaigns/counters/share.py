"""Pictures of an appeal to share: 1200 × 630 pixels for links, 1080 × 1920 for Stories.

They say how many support it *as of a day*: the number is that of the first time somebody asks on the day,
the same in all languages and on all machines (`CountOfDay`). So a picture is drawn once a day, language and
code, and a chat that was sent a link yesterday shows what was true yesterday. No name of a person or an
organisation stands in them.
"""

import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext, override
from django.views.decorators.http import require_safe

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.drawn_once import drawn_once
from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.counters.days import count_of_day
from coalition.campaigns.counters.presenters import number_in_words
from coalition.campaigns.counters.subjects import Subject, subject_at, subject_with
from coalition.campaigns.referrals.files import address_svg, qr_svg, short_address
from coalition.campaigns.referrals.queries import creditable_code
from coalition.jobs.date_formats import day_in_words
from coalition.mail.outbox import absolute_url

CARD: Final = Path(__file__).with_name("share.typ")
STORY: Final = Path(__file__).with_name("story.typ")
CARD_SIZE: Final = (1200, 630)
_LONGEST: Final = 300  # characters of a title


def share_picture_path(slug: str) -> str:
    """Return the path of the picture for links, in the active language. The day stands in it, so that chats
    fetch another one tomorrow; the answer does not depend on it."""
    return f"{reverse('share_picture', args=[slug])}?day={site_today().isoformat()}"


def story_picture_path(slug: str, code: str = "") -> str:
    """Return the path of the picture for Stories, with the referral code `code` if one is given."""
    if code:
        return reverse("code_story_picture", args=[slug, code])
    return reverse("story_picture", args=[slug])


def story_of_code(target: UUID, language: str, code: str) -> str:
    """Return the path of the Stories picture of an appeal with a referral code, "" if it is not public."""
    subject = subject_with(target, language)
    if subject is None:
        return ""
    with override(language):
        return story_picture_path(subject.slug, code)


@require_safe
def share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture that a chat shows beside a link to the appeal."""
    subject, language, day = _asked(slug)

    def draw() -> bytes:
        return draw_template(CARD, _words(subject, language, day), format="png")

    return _png(drawn_once(_named("share", subject, language, day), draw))


@require_safe
def story_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture for Stories, with the address of the appeal as QR code and in letters."""
    subject, language, day = _asked(slug)

    def draw() -> bytes:
        address = absolute_url(subject.url)
        words = {**_words(subject, language, day), "address": _without_scheme(address)}
        return draw_template(STORY, words, format="png", pictures={"code.svg": address_svg(address)})

    return _png(drawn_once(_named("story", subject, language, day), draw))


@require_safe
def code_story_picture(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The same with the short link of an organisation's referral code; it does not say whose."""
    subject, language, day = _asked(slug)
    found = creditable_code(code, subject.uuid)
    if found is None:
        raise Http404

    def draw() -> bytes:
        words = {**_words(subject, language, day), "address": short_address(found.code)}
        return draw_template(STORY, words, format="png", pictures={"code.svg": qr_svg(found.code, border=0)})

    return _png(drawn_once(_named("story", subject, language, day) | {"code": found.code}, draw))


def _asked(slug: str) -> tuple[Subject, str, datetime.date]:
    """The subject, the language of the address and the site's day. Raises Http404."""
    language = get_language() or ""
    subject = subject_at(slug, language)
    if subject is None:
        raise Http404
    return subject, language, site_today()


def _named(kind: str, subject: Subject, language: str, day: datetime.date) -> dict[str, str]:
    """What one picture is of: everything that it shows but the number, which is that of the day."""
    return {
        "kind": kind,
        "subject": str(subject.uuid),
        "title": subject.title,
        "language": language,
        "day": day.isoformat(),
        "site": f"{settings.SITE_NAME} {settings.SITE_URL}",
    }


def _words(subject: Subject, language: str, day: datetime.date) -> dict[str, object]:
    count = count_of_day(subject.uuid, day)
    return {
        "title": subject.title[:_LONGEST],
        "language": language,
        "site": settings.SITE_NAME,
        "number": number_in_words(count) if count else "",
        "number_words": ngettext("person supports this online", "people support this online", count),
        "as_of": _("As of %(when)s") % {"when": day_in_words(day)},
        "call": _("Support the appeal"),
    }


def _without_scheme(address: str) -> str:
    return address.partition("://")[2].rstrip("/")


def _png(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="image/png")
