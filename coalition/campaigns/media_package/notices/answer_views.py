"""The page behind the link of a notice: read what to do, and answer by one press. Without an account.

It works in the browser of a messenger, without cookies and scripts: the link identifies the recipient.
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, override
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from coalition.applicants.views import is_from_own_page, private_response
from coalition.campaigns.media_package.enums import AnswerWay, OutletAnswer, RemovedFrom
from coalition.campaigns.media_package.models import NoticeRecipient
from coalition.campaigns.media_package.notices.actions import answer_by_link, answer_path
from coalition.campaigns.media_package.notices.forms import AnswerForm
from coalition.campaigns.media_package.notices.mails import file_lines, is_partial, item_title, language_of
from coalition.campaigns.media_package.notices.places import page_for
from coalition.campaigns.media_package.notices.presenters import answer_words
from coalition.campaigns.media_package.notices.queries import (
    answer_by_way,
    newer_recipient,
    recipient_of_token,
)
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited

MOST_ANSWERS: Final = 30  # an hour, by one link from one network


class AnswerView(View):
    """GET shows, POST stores an answer, which can be changed later by the same link. 410 in words for a link
    that was never made."""

    http_method_names = ["get", "head", "post"]
    template_name = "campaigns/media_package/notices/answer.html"
    gone_template_name = "campaigns/media_package/outlets/gone.html"

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return csrf_exempt(super().as_view(**initkwargs))

    recipient: NoticeRecipient

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = recipient_of_token(kwargs["token"])
        if found is None:
            return private_response(render(request, self.gone_template_name, status=410))
        self.recipient = found
        language = language_of(found)
        with override(language):
            return private_response(super().dispatch(request, *args, **kwargs), language=language)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if not is_from_own_page(request):
            words = _("This did not come from our own page. Press the button once more.")
            return self.page(refusal=words, status=403)
        if is_rate_limited(request, f"media_answer:{self.recipient.pk}", MOST_ANSWERS):
            return self.page(refusal=TooManyRequests().message, status=429)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            words = " ".join(str(one) for errors in form.errors.values() for one in errors)
            return self.page(refusal=words, status=422)
        fields = form.cleaned_data
        try:
            answer_by_link(
                recipient=self.recipient,
                answer=OutletAnswer(fields["answer"]),
                aired_on=fields["aired_on"],
                removed_from=fields["removed_from"],
            )
        except Refused as refusal:
            return self.page(refusal=refusal.message, status=409)
        return redirect(request.path)

    def page(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        row, posted = self.recipient, self.request.POST
        item, newer = row.notice.item, newer_recipient(row)
        own = answer_by_way(row, AnswerWay.LINK)  # never what the desk recorded
        day = own.aired_on if own is not None else None
        context = {
            "row": row,
            "kind": row.notice.kind,
            "is_partial": is_partial(row.notice),
            "title": item_title(item),
            "files": file_lines(row),
            "page_url": page_for(row),
            "newer_url": answer_path(newer) if newer is not None else "",
            "given": answer_words(own),
            "refusal": refusal,
            "aired_on": posted.get("aired_on", "") or (day.isoformat() if day is not None else ""),
            "latest": AnswerForm().fields["aired_on"].widget.attrs["max"],
            "places": RemovedFrom.choices,
            "removed_from": posted.getlist("removed_from") or (own.removed_from if own is not None else []),
        }
        return render(self.request, self.template_name, context, status=status)
