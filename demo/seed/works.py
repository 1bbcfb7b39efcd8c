"""Works of an exhibition and the film of a screening; lenders and makers are invented."""

import datetime
import io
from decimal import Decimal

from django.core.files.base import ContentFile

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from demo import art
from demo.load import Record
from demo.seed.dates import campaign_day
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.exhibitions.works.actions import (
    add_work,
    open_catalogue,
    report_condition,
    set_loan,
    set_quiet_corner,
)
from events.exhibitions.works.models import (
    AgreementState,
    ConditionMoment,
    MakerNaming,
    Reproduction,
    set_film,
)
from events.models import Event, Work

MINOR = 100
WORDS = ("technique", "label", "content_note", "alt")


def add_works(access: Access, event: Event, record: Record, today: datetime.date) -> None:
    """Add the works one by one with loans and condition reports, and publish them."""
    set_quiet_corner(access=access, event=event, **record["around"])
    for one in record["works"]:
        work = _hang(access, event, one)
        if "loan" in one:
            _lend(access, event, work, one["loan"], today)
        if "condition" in one:
            _look(access, event, work, one["condition"])
    open_catalogue(access=access, event=event)


def add_film(access: Access, event: Event, record: Record, today: datetime.date) -> None:
    """Set the film of the screening; the event's page says what is missing of it."""
    days = {name: campaign_day(record[name], today) for name in ("rights_from", "rights_until")}
    set_film(access=access, event=event, **record | days)


def _hang(access: Access, event: Event, one: Record) -> Work:
    height, width, depth = ([Decimal(str(size)) for size in one.get("size", ())] + [None] * 3)[:3]
    return add_work(
        access=access,
        event=event,
        title=one["title"],
        **{word: one.get(word, {}) for word in WORDS},
        height=height,
        width=width,
        depth=depth,
        difficult=one.get("difficult", False),
        maker=one.get("maker", ""),
        pseudonym=one.get("pseudonym", ""),
        naming=MakerNaming(one.get("naming", "name")),
        year=one.get("year", ""),
        show_agreed=one.get("show_agreed", False),
        reproduction=Reproduction(one.get("reproduction", "none")),
        picture=_picture(access, one) if "picture" in one else None,
    )


def _picture(access: Access, one: Record) -> StoredFile:
    content = art.cover_png(one["picture"])
    title = one["title"]["kk"]
    file = upload_file(
        access=access,
        content=io.BytesIO(content),
        size=len(content),
        name=f"{one['picture']}.png",
        alt=one.get("alt", {}).get("kk", title),
    )
    StoredFile.objects.filter(pk=file.pk).update(uploaded_at=now())
    return file


def _lend(access: Access, event: Event, work: Work, loan: Record, today: datetime.date) -> None:
    set_loan(
        access=access,
        event=event,
        work=work.uuid,
        lender=loan["lender"],
        phone=loan.get("phone", ""),
        from_on=campaign_day(loan["from"], today) if "from" in loan else None,
        return_on=campaign_day(loan["back"], today) if "back" in loan else None,
        value=loan["value"] * MINOR if "value" in loan else None,
        agreement=AgreementState(loan.get("agreement", "none")),
    )


def _look(access: Access, event: Event, work: Work, condition: Record) -> None:
    report_condition(
        access=access,
        event=event,
        work=work.uuid,
        photos=[ContentFile(art.cover_png(condition["photo"]), "photo.png")],
        moment=ConditionMoment.ARRIVAL,
        seen_at=now(),
        words=condition["words"],
        seen_by=condition["seen_by"],
    )
