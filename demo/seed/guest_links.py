"""Guest links of drafts: named people without a seat who read and comment."""

from functools import partial

from coalition.accounts.models import Language
from coalition.mail import outbox
from demo.load import Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.drafts.access import GuestData
from documents.drafts.models import GuestAct, GuestPurpose
from documents.guests.actions import guest_link_mail_key, make_guest_link, use_guest_link
from documents.guests.submissions import comment_by_link

DAYS = 30


def plan_guest_links(draft: DraftPlan, history: History) -> None:
    """Plan the draft's guest links and comments."""
    for record in draft.record.get("guests", ()):
        tokens: list[str] = []
        history.add(record["days_ago"], partial(_make, draft, record, tokens))
        if comment := record.get("comment"):
            history.add(comment["days_ago"], partial(_comment, draft, comment, tokens))


def _make(draft: DraftPlan, record: Record, tokens: list[str]) -> None:
    """Make the link; its mail is taken out of the outbox."""
    link, token = make_guest_link(
        access=access_of(draft.accounts.people[record["by"]], draft.workspace),
        draft=draft.row,
        guest=GuestData(record["name"], record["email"], Language(record["language"])),
        purpose=GuestPurpose(record["purpose"]),
        days=DAYS,
        reason=record["reason"],
    )
    outbox.delete_waiting_mail(about=guest_link_mail_key(link))
    tokens.append(token)


def _comment(draft: DraftPlan, record: Record, tokens: list[str]) -> None:
    """Open the link, read, and write to the coordinators."""
    text = draft.row.texts.select_related("draft").get(language=record["text"])
    for token in tokens:
        use_guest_link(token=token, act=GuestAct.FOLLOWED)
        use_guest_link(token=token, act=GuestAct.OPENED)
        use_guest_link(token=token, act=GuestAct.READ, language=record["text"])
        comment_by_link(token=token, text=text, body=record["words"], quote=record["quote"])
