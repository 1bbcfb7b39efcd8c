"""What a legal reader without a seat says by their link: the use and the comment, both or neither."""

from django.db import transaction

from documents.comments.actions.guest import Guest, reply_as_guest, start_thread_as_guest
from documents.comments.queries import threads_of_guest
from documents.drafts.enums import GuestAct
from documents.drafts.models.draft import DraftText
from documents.guests.actions.use import NoSuchLink, use_guest_link
from documents.guests.queries import opens


def comment_by_link(*, token: str, text: DraftText, body: str, quote: str = "", answers: str = "") -> None:
    """Begin a thread on a text that the link shows, or answer in the guest's own thread of that UUID.

    Raises NoSuchLink for a link that does not count or is not for comments, and for another's thread;
    TooOften; Refused in words if the comment cannot be kept.
    """
    with transaction.atomic():
        link = use_guest_link(token=token, act=GuestAct.COMMENTED, language=text.language)
        if not (link.may_comment and opens(link, text)):
            raise NoSuchLink
        writer = Guest(uuid=link.uuid, name=link.name)
        if not answers:
            start_thread_as_guest(guest=writer, text=text, body=body, quote=quote)
            return
        own = {str(one.uuid): one for one in threads_of_guest(link.uuid, text)}
        if answers not in own:
            raise NoSuchLink
        reply_as_guest(guest=writer, thread=own[answers], body=body)
