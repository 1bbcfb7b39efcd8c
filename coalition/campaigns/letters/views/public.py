"""The public page where people write: from caches, without a cookie, and without their letters.

Letters are written and sent in the browser. What is posted says who was written to, in which way and in which
language, and nothing else.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext as _, ngettext
from django.views import View
from django.views.decorators.http import require_safe

from coalition.applicants.views import ApplyView, PostVerdict, judge_post, new_stamp
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.actions.declare import declare_letters, sort_targets
from coalition.campaigns.letters.models import LetterAction, Way
from coalition.campaigns.letters.once import forget_declared, form_key, note_declared
from coalition.campaigns.letters.presenters import language_switch, page_context, write_path, writing_context
from coalition.campaigns.letters.queries import action_at, closed_reason, is_code_of, others_to_write_to
from coalition.campaigns.letters.refusals import CLOSED_WORDS
from coalition.campaigns.recipients.models import Target
from coalition.core.crypto import parse_uuid
from coalition.core.errors import undo_on_failure
from coalition.core.localized_text import language_codes
from coalition.core.throttling import is_rate_limited
from coalition.http.responses import limit_proxy_age, same_for_everyone
from documents import hooks
from documents.publication.verification.findings import offline_page, offline_row

FORM: Final = "campaigns.letters"  # purpose of its stamps
CACHE_SECONDS: Final = 60  # weights of chance need not be newer
MOST_AN_HOUR: Final = 10  # letters declared from one network
MOST_POSTED: Final = 200  # recipients in one post that are looked at


@dataclass(frozen=True)
class Answer:
    """What a post is answered. `counted`: recipients whose letters of this form are counted, now or before;
    `gone`: those who are not written to any more, for whom nothing was counted; `uncounted`: letters beyond
    what is counted from one network."""

    words: str
    status: int = 200
    counted: Sequence[Target] = ()
    gone: Sequence[Target] = ()
    others: Sequence[Target] = ()
    uncounted: int = 0

    @property
    def is_done(self) -> bool:
        return self.status == 200

    def as_json(self) -> dict[str, Any]:
        """For the script, with a new stamp: the page may be old."""
        return {
            "done": self.is_done,
            "words": self.words,
            "counted": [str(one.uuid) for one in self.counted],
            "gone": [str(one.uuid) for one in self.gone],
            "others": [{"uuid": str(one.uuid), "name": str(one.name)} for one in self.others],
            "stamp": new_stamp(FORM),
        }


class WriteView(ApplyView):
    """GET shows the page, POST declares that letters were sent. With `code`, a referral code is credited."""

    anonymous_post = FORM

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        View.setup(self, request, *args, **kwargs)
        self.slug, self.code = kwargs["slug"], kwargs.get("code", "")

    @cached_property
    def subject(self) -> LetterAction:
        return _action(self.slug)

    @cached_property
    def closed(self) -> str:
        return closed_reason(self.subject, site_today())

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if self.code and not is_code_of(self.code, self.subject):
            return redirect("write_letter", self.slug)
        return _cached_briefly(self.show())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        answer = self.judged_answer()
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(answer.as_json(), status=answer.status)
        if answer.is_done and not answer.gone and not answer.uncounted:
            return redirect(self.sent_path())
        return self.show(answer)

    def sent_path(self) -> str:
        if self.code:
            return reverse("write_letter_sent_from", args=[self.slug, self.code])
        return reverse("write_letter_sent", args=[self.slug])

    def judged_answer(self) -> Answer:
        """Judge the post as the form of an appeal is judged, then declare."""
        if self.closed:
            return Answer(str(CLOSED_WORDS[self.closed]), 409)
        verdict = judge_post(self.request, FORM)
        if verdict is PostVerdict.TRAPPED:
            return Answer(_thanks())
        if verdict is PostVerdict.FOREIGN:
            return Answer(_("This did not come from our own page. Press the button once more."), 403)
        if verdict is PostVerdict.STALE:
            return Answer(_("This page stood open for long. Press the button once more."), 409)
        way, language = self.request.POST.get("way", ""), self.request.POST.get("language", "")
        if not self.posted:
            return Answer(_("Choose to whom you wrote."), 422)
        if way not in Way.values:
            return Answer(_("Choose how you sent it."), 422)
        return self.declared(Way(way), language if language in language_codes() else _language())

    def declared(self, way: Way, language: str) -> Answer:
        """Count the letters, ten an hour from one network, and say how many are not."""
        standing, gone = sort_targets(self.subject, self.posted)
        if not standing and not gone:
            return Answer(_("Choose to whom you wrote."), 422)
        counted = self.count(standing, way, language)
        uncounted = len(standing) - len(counted)
        words = [_uncounted_words(uncounted)] if uncounted else []
        if not gone:
            said = " ".join([*([_thanks()] if counted else []), *words])
            return Answer(said, counted=counted, uncounted=uncounted)
        others = others_to_write_to(self.subject, gone)
        words.append(_gone_words(gone, others))
        return Answer(" ".join(words), 200 if standing else 409, counted, gone, others, uncounted)

    def count(self, targets: Collection[Target], way: Way, language: str) -> list[Target]:
        """Count those letters that this form has not declared yet, as many as its network may; return the
        recipients whose letters are counted, now or before."""
        stamp, attempt = self.request.POST.get("stamp", ""), self.request.POST.get("attempt", "")
        form = form_key(self.subject, stamp=stamp, attempt=attempt)
        new = note_declared(form, targets)
        with undo_on_failure(lambda: forget_declared(form, new)):
            allowed = [
                *takewhile(lambda _one: not is_rate_limited(self.request, "letters", MOST_AN_HOUR), new)
            ]
            declare_letters(action=self.subject, targets=allowed, way=way, language=language, code=self.code)
        beyond = new[len(allowed) :]
        forget_declared(form, beyond)
        return [one for one in targets if one not in beyond]

    @cached_property
    def posted(self) -> list[UUID]:
        """The recipients in the post, each once."""
        values = self.request.POST.getlist("target")[:MOST_POSTED]
        found = (parse_uuid(value) for value in values)
        return list(dict.fromkeys(uuid for uuid in found if uuid is not None))

    def show(self, answer: Answer | None = None) -> HttpResponse:
        """Return the page; after a post that was not taken, with what was ticked."""
        action, language = self.subject, _language()
        row = offline_row(action.publication)
        if self.closed == "checked" and row is not None:
            return offline_page(self.request, row.since, _frame(self.request, self.slug))
        ticked: Collection[UUID] = self.posted if answer is not None and not answer.is_done else ()
        context = {
            **_frame(self.request, self.slug, self.code),
            **page_context(action, language, closed=self.closed, code=self.code),
            **(writing_context(action, language, ticked=ticked) if not self.closed else {}),
            "action": write_path(self.slug, self.code),
            "slug": self.slug,
            "code": self.code,
            "stamp": new_stamp(FORM),
            "answer": answer,
            "way": self.request.POST.get("way", ""),
            "letter_language": self.request.POST.get("language", language),
        }
        status = answer.status if answer is not None else 200
        return render(self.request, "campaigns/letters/write.html", context, status=status)


@require_safe
def sent(request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
    """Thank somebody who declared a letter without script. With `code`, the links credit a referral code."""
    action = _action(slug)
    if code and not is_code_of(code, action):
        return redirect("write_letter_sent", slug)
    closed = closed_reason(action, site_today())
    context = {
        **_frame(request, slug, code),
        **page_context(action, _language(), closed=closed, code=code),
        "thanks": _thanks(),
        "write_url": write_path(slug, code),
    }
    return _cached_briefly(render(request, "campaigns/letters/sent.html", context))


def _action(slug: str) -> LetterAction:
    found = action_at(slug)
    if found is None:
        raise Http404
    return found


def _thanks() -> str:
    return _("Thank you. Your letter is counted as declared; nothing of it, or of you, came to us.")


def _uncounted_words(count: int) -> str:
    words = ngettext(
        "%(count)d letter is not counted: within an hour at most %(most)d are counted from one internet "
        "connection, which many people may share. That is no limit to writing: write to whomever you like.",
        "%(count)d letters are not counted: within an hour at most %(most)d are counted from one internet "
        "connection, which many people may share. That is no limit to writing: write to whomever you like.",
        count,
    )
    return words % {"count": count, "most": MOST_AN_HOUR}


def _gone_words(gone: Sequence[Target], others: Sequence[Target]) -> str:
    left = [one for one in gone if one.gone_on is not None]
    in_office = [one for one in gone if one.gone_on is None]  # but their body is not written to here
    words = []
    if left:
        words.append(_("No longer in office: %(names)s. No letter was counted for them.") % _names(left))
    if in_office:
        said = _("Not written to here any more: %(names)s. No letter was counted for them.")
        words.append(said % _names(in_office))
    if others:
        words.append(_("Your letter can go to others instead: %(names)s.") % _names(others))
    return " ".join(words)


def _names(people: Iterable[Target]) -> dict[str, str]:
    return {"names": ", ".join(str(one.name) for one in people)}


def _frame(request: HttpRequest, slug: str, code: str = "") -> dict[str, Any]:
    languages = language_switch(slug, _language(), code=code)
    return {**hooks.site_frame_context(request), "light": True, "languages": languages}


def _cached_briefly(response: HttpResponse) -> HttpResponse:
    """For everyone the same; a cache of ours keeps it for `CACHE_SECONDS`."""
    if response.status_code == 200:
        limit_proxy_age(response, CACHE_SECONDS)
        patch_cache_control(response, public=True, no_cache=True)
        same_for_everyone(response)
    return response


def _language() -> str:
    return (get_language() or "").partition("-")[0]
