"""A board as large as the coalition hopes for: every organisation brought letters to every deputy."""

import datetime
from io import BytesIO

from coalition.accounts.models import Listing
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.models import Answer, LetterDay, OfficialLetter, Stance, Target
from coalition.core.clock import now
from coalition.workspaces.models import Participation
from documents.files.actions import upload_file
from documents.files.models import StoredFile
from events.spreadsheets.columns import csv_bytes
from tests.campaigns.letters_board.builders import FIRST_DAY as FIRST, BoardDesk
from tests.factories import OrganisationFactory

DAY = datetime.timedelta(days=1)


def scan(desk: BoardDesk, name: str = "answer.csv", **given: object) -> StoredFile:
    content = BytesIO(csv_bytes(["No."], [["12"]]))
    file = upload_file(access=desk.access, content=content, size=content.getbuffer().nbytes, name=name)
    StoredFile.objects.filter(pk=file.pk).update(**given)
    file.refresh_from_db()
    return file


def fill(desk: BoardDesk, targets: int, organisations: int) -> None:
    """Letters to everybody by everybody, official letters, answers with a file, and stances."""
    file = scan(desk)
    Target.objects.bulk_create(
        Target(
            body=desk.body,
            external_id=f"more-{number}",
            name={"en": f"More {number}"},
            as_of=FIRST,
            committee={"en": f"Committee {number % 8}"},
        )
        for number in range(targets)
    )
    made = [
        OrganisationFactory(listing=Listing.WITHHELD if n % 9 == 0 else Listing.PUBLIC)
        for n in range(organisations)
    ]
    workspace = desk.made.workspace
    Participation.objects.bulk_create(Participation(workspace=workspace, organisation=one) for one in made)
    codes = [desk.code(one) for one in made]
    everyone = list(Target.objects.filter(body=desk.body))
    given = {"action": desk.action, "way": "copy", "language": "kk", "day": FIRST}
    LetterDay.objects.bulk_create(
        LetterDay(target=target, referral=code, count=1 + number, **given)
        for target in everyone
        for number, code in enumerate(codes)
    )
    shared = {"action": desk.action, "body": desk.body, "at": now()}
    OfficialLetter.objects.bulk_create(
        OfficialLetter(
            target=target,
            organisation=made[number % len(made)],
            outgoing_number=str(number),
            sent_on=FIRST,
            due_on=FIRST + 21 * DAY,
            **shared,
        )
        for number, target in enumerate(everyone)
    )
    Answer.objects.bulk_create(
        Answer(
            target=target,
            organisation=made[0],
            kind=AnswerKind.ANSWER,
            on=FIRST + 4 * DAY,
            words={"en": "Yes"},
            published_at=now(),
            file=file,
            **shared,
        )
        for target in everyone[::2]
    )
    Stance.objects.bulk_create(
        Stance(
            target=target,
            organisation=made[0],
            agrees=True,
            on=FIRST,
            published_at=now(),
            file=file,
            **shared,
        )
        for target in everyone[::3]
    )
