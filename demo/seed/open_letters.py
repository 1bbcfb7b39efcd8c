"""Open letters: a published text opened for joining, organisations from outside that confirmed."""

from functools import partial

from coalition.accounts.enums import Language
from demo.load import Record
from demo.seed.drafts import Desk
from demo.seed.history import History
from demo.seed.mail_tokens import token_in_mail
from demo.seed.workspaces import acting
from documents.models import Joining, OpenLetter
from documents.open_letters.actions.join import Joiner, ask_to_join, confirm_joining
from documents.open_letters.actions.letter import admit, open_letter
from documents.publication.queries.publications import newest_public_of


def plan_letter(desk: Desk, history: History) -> None:
    """Add the draft's open letter and who joined it to the history. After its publication."""
    if record := desk.record.get("letter"):
        history.add(record["days_ago"], partial(_open, desk, record))
        for one in record["joined"]:
            made: list[Joining] = []
            history.add(one["days_ago"], partial(_join, desk, one, made))
            if "admitted_days_ago" in one:
                history.add(one["admitted_days_ago"], partial(_admit, desk, record["by"], made))


def _open(desk: Desk, record: Record) -> None:
    access = acting(desk.cast.people[record["by"]], desk.workspace)
    open_letter(access=access, draft=desk.begun, slug=record["slug"])


def _join(desk: Desk, record: Record, made: list[Joining]) -> None:
    """Write the names, open the mail, press."""
    publication = newest_public_of(desk.begun)
    if publication is None:
        raise LookupError(desk.record["id"])
    row = ask_to_join(
        letter=OpenLetter.objects.get(draft=desk.begun),
        publication=publication,
        joiner=Joiner(
            name=record["name"],
            contact=record["contact"],
            position=record["position"],
            email=record["email"],
            is_listed=record.get("listed", False),
            logo_allowed=record.get("logo", False),
            language=Language(record["language"]),
        ),
    )
    if row is None:
        raise LookupError(record["email"])
    made.append(confirm_joining(token=token_in_mail(f"joining:{row.uuid}")))


def _admit(desk: Desk, by: str, made: list[Joining]) -> None:
    for row in made:
        admit(access=acting(desk.cast.people[by], desk.workspace), joining=row)
