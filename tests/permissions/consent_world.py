"""Consent of survivors in the world in which every secret has a word, codes of records among them.

One record in force, with a file and a film; one whose 48 hours are not over; one that was taken back, with
everything that it had; one that nobody keeps. Whatever was taken back, or waits, is told to those who made it
and to the caseworker, at no address to anybody else.
"""

import datetime
import io
from collections.abc import Iterable
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from coalition.accounts.models import Organisation, User
from coalition.consent.actions.records import ask_consent
from coalition.consent.actions.roles import end_consent_role, give_consent_role
from coalition.consent.actions.uses import record_answer, record_legal_reading, record_question, request_uses
from coalition.consent.actions.withdraw import send_removal_requests, withdraw_consent
from coalition.consent.enums import ConsentRoleKind, Form, Place
from coalition.consent.items import describe_items
from coalition.consent.models import ConsentItem, ConsentRecord, ConsentRole
from coalition.consent.presenters import reading_url
from coalition.consent.site import IMAGE, PAGE, VIDEO, page_key
from coalition.core.clock import freeze_clock_at, now
from coalition.mail.models import OutboxMail
from coalition.workspaces.permissions import access_to
from documents.files.actions import upload_file
from documents.files.consent import FILE
from documents.models import StoredFile
from home.models import NewsPage, PublicImage, StoryPage
from tests.consent.builders import EVERYTHING
from tests.factories import MembershipFactory
from tests.home.conftest import news_page
from tests.home.filmed import story_page
from tests.permissions.screenings_world import Films, ask_before_withdrawal
from tests.permissions.world import EVERYONE, READERS, World

KEPT, WAITING, BACK, LEFT = (f"CANA-RY{which}" for which in ("KE", "WA", "BA", "NE"))  # codes
CENTRE = frozenset({"centre"})
SITE_MAKERS = frozenset({"newsroom"})
KNOWING = {
    "consent": "caseworker",
    "consent_roles": "centre",
    "consent_left": "centre",
    "consent_file": "admitted",
    "consent_file_reading": "lawyer",
    "consent_waiting": "colleague",
    "consent_waiting_page": "newsroom",
    "consent_waiting_story": "newsroom",
    "consent_back": "caseworker",
    "consent_back_file": "admitted",
    "consent_back_page": "newsroom",
    "consent_back_picture": "newsroom",
}
IN_PAGES = ("lead", "body")
# Where pages and pictures show what they are about, beside titles: while consent is missing, at no address.
NOWHERE = (
    *(f"consent{which}{what}" for which in ("back", "waiting") for what in IN_PAGES),
    "consentwaitingstorylead",
    "consentbackpicturealt",
    "consentbackpicturecredit",
    *(f"consentbackfile{what}" for what in ("alt", "caption", "credit")),
    "consentleftcontact",
    "consentcontact",  # of a record in force: it stands on pages of takers, after the end
    "consentwaitingcontact",
)


def add_consents(made: World, films: Films) -> None:
    """After the requests for screenings: whoever was given a film has to be told that its licence ended."""
    made.things["consent_roles"] = {"organisation": _centre(made).uuid}
    for who in ("caseworker", "colleague"):
        _name_caseworker(made, who)
    _in_force(made, films)
    _waiting(made)
    _taken_back(made, films)
    _left(made)


def _in_force(made: World, films: Films) -> None:
    """A file of the workspace, which a lawyer has read, and a film."""
    consent = _asked(made, "", KEPT, "caseworker", {"admitted", *SITE_MAKERS})
    file = _file(made, "", READERS | {"caseworker", "lawyer"}, "purple")
    row = _agreed(made, consent, "admitted", FILE, str(file.uuid), needs_lawyer=True)
    _read_by_lawyer(made, file)
    _agreed(made, consent, "newsroom", VIDEO, str(films.shown.pk), forms=tuple(Form))
    item = {"kind": FILE, "item": file.uuid}
    made.things["consent"] = {"consent": consent.uuid, "item": row.uuid}
    made.things["consent_file"] = item | {"file": file.uuid}
    query = reading_url(FILE, str(file.uuid)).partition("?")[2]
    made.things["consent_file_reading"] = item | {"?": f"?{query}"}
    made.things["consent_film"] = {"kind": VIDEO, "item": films.shown.pk}


def _waiting(made: World) -> None:
    """A page of news and a story: she has agreed just now, so that nothing is shown for 48 hours."""
    consent = _asked(made, "waiting", WAITING, "colleague", SITE_MAKERS, days_ago=0)
    told = {"colleague", *SITE_MAKERS, "superuser"}
    pages = {"page": _news(made, "waiting", told), "story": _story(made, told)}
    for which, page in pages.items():
        row = _agreed(made, consent, "newsroom", PAGE, page_key(page), days_ago=0)
        made.things[f"consent_waiting_{which}"] = {"kind": PAGE, "item": page_key(page)}
        made.things["consent_waiting"] = {"consent": consent.uuid, "item": row.uuid}


def _taken_back(made: World, films: Films) -> None:
    """A page of news, the picture of another one, a file and a film: shown, then taken back."""
    consent = _asked(made, "back", BACK, "caseworker", ())
    told = {"caseworker", *SITE_MAKERS, "superuser"}
    page, picture = _news(made, "back", told), _picture(made, told)
    file = _file(made, "back", (), "olive")
    made.audience["Canaryconsentbackfilename"] |= READERS | {"caseworker"}
    carrier = news_page("Carrier", cover=picture, cover_alt=picture.alt)
    for kind, key in ((PAGE, page_key(page)), (IMAGE, str(picture.pk))):
        _agreed(made, consent, "newsroom", kind, key)
    row = _agreed(made, consent, "admitted", FILE, str(file.uuid))
    _agreed(made, consent, "newsroom", VIDEO, str(films.taken.pk), forms=tuple(Form))
    for one in (page, carrier):
        NewsPage.objects.get(pk=one.pk).save_revision().publish()
    ask_before_withdrawal(made)
    withdrawal = withdraw_consent(by=made.people["caseworker"], consent=consent)
    made.things["consent_back"] = {
        "consent": consent.uuid,
        "item": row.uuid,
        "withdrawal": withdrawal.uuid,
        "removal": withdrawal.requests.get().uuid,
    }
    made.things["consent_back_file"] = {"kind": FILE, "item": file.uuid, "file": file.uuid}
    made.things["consent_back_page"] = {"kind": PAGE, "item": page_key(page)}
    made.things["consent_back_picture"] = {"kind": IMAGE, "item": picture.pk}
    made.things["consent_back_film"] = {"kind": VIDEO, "item": films.taken.pk}
    _taker(made, str(withdrawal.uuid))


def _taker(made: World, withdrawal: str) -> None:
    """Who was given the film is written to; the caseworker reads their name."""
    made.audience["Canaryscreeningtakengroup"] |= {"caseworker"}
    made.audience["Canaryfilmtakenvideo"] = frozenset({"caseworker", "superuser", *SITE_MAKERS})
    send_removal_requests(withdrawal, {})
    address = OutboxMail.objects.get(template="consent/material_ended").context["button_url"]
    made.things["consent_taker"] = {"token": address.rstrip("/").rpartition("/")[2]}
    made.links["consent_taker"] = frozenset({"Canaryfilmtakenvideo", "Canaryconsentbackcontact"})


def _left(made: World) -> None:
    """A record whose caseworker has lost the role: the centre hands it over, and reads nothing in it."""
    former, head = MembershipFactory(organisation=_centre(made)).person, made.people["centre"]
    made.people["former"] = former
    role = _give_role(made, "former")
    consent = _asked(made, "left", LEFT, "former", ())
    end_consent_role(by=head, role=role)
    made.things["consent_left"] = {"consent": consent.uuid, "organisation": _centre(made).uuid}
    made.things["consent_roles"] |= {"role": _give_role(made, "former", ConsentRoleKind.LAWYER).uuid}


def _centre(made: World) -> Organisation:
    found: Organisation = made.people["centre"].memberships.get().organisation
    return found


def _name_caseworker(made: World, who: str) -> None:
    person = made.people[who]
    # The secretariat chooses people for a new workspace by name; not that they keep records.
    person.name = made.canary(who, "name", {"caseworker", "colleague", "centre", "secretariat"})
    person.save()
    _give_role(made, who)


def _give_role(
    made: World, who: str, kind: ConsentRoleKind = ConsentRoleKind.CASEWORKER, by: str = "centre"
) -> ConsentRole:
    head = made.people[by]
    organisation = head.memberships.get().organisation
    return give_consent_role(by=head, organisation=organisation, person=made.people[who], kind=kind)


def _asked(
    made: World, which: str, code: str, who: str, makers: Iterable[str], days_ago: float = 3
) -> ConsentRecord:
    """A record: its caseworker, the centre, and those who asked for a use know its code."""
    known = {who, *makers} & EVERYONE
    made.audience[code] = frozenset(known) | CENTRE
    contact = made.canary(f"consent{which}", "contact", known & {"caseworker", "colleague"})
    moment = now() - datetime.timedelta(days=days_ago)
    with freeze_clock_at(moment), patch("coalition.consent.actions.records._free_code", return_value=code):
        return ask_consent(
            by=made.people[who],
            organisation=_centre(made),
            contact=contact,
            is_adult=True,
            until=moment.date() + datetime.timedelta(days=700),
            scopes=EVERYTHING,
        )


def _agreed(
    made: World,
    consent: ConsentRecord,
    maker: str,
    kind: str,
    key: str,
    *,
    days_ago: float = 3,
    forms: Iterable[Form] = (Form.TEXT,),
    needs_lawyer: bool = False,
) -> ConsentItem:
    """Its maker asks for every use, the caseworker asks her, she agrees."""
    person, by = made.people[maker], consent.caseworker
    assert by is not None
    item = request_uses(
        by=person,
        organisation=_own(person),
        code=consent.code,
        kind=kind,
        key=key,
        forms=list(forms),
        places=list(Place),
        languages=["kk", "en"],
        needs_lawyer=needs_lawyer,
    )
    with freeze_clock_at(now() - datetime.timedelta(days=days_ago)), transaction.atomic():
        record_question(by=by, consent=consent, uses=item.uses.all())
        record_answer(by=by, consent=consent, uses=item.uses.all(), agrees=True)
    return item


def _read_by_lawyer(made: World, file: StoredFile) -> None:
    role = _give_role(made, "lawyer", ConsentRoleKind.LAWYER, by="lawyer")
    described = describe_items([(FILE, str(file.uuid))])[FILE, str(file.uuid)]
    record_legal_reading(
        by=role.person,
        organisation=role.organisation,
        kind=FILE,
        key=str(file.uuid),
        digest=described.item.digest,
        cleared=True,
        note=made.canary("consent", "reading", {"lawyer"}),
    )


def _own(person: User) -> Organisation | None:
    membership = person.memberships.filter(ended_at=None).first()
    return membership.organisation if membership is not None else None


def words_of_hidden_pages(made: World) -> set[str]:
    """What Wagtail's index holds for the newsroom, and the site's own must not: pages and pictures that are
    taken back, or wait."""
    about = ("Canaryconsentback", "Canaryconsentwaiting", "Canaryfilmtaken", "Canaryscreeningtakentitle")
    return {word for word in made.audience if word.startswith(about)}


def _file(made: World, which: str, readers: Iterable[str], colour: str) -> StoredFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    out.seek(0)
    about = f"consent{which}file"
    said = {what: made.canary(about, what, readers) for what in ("alt", "caption", "credit")}
    return upload_file(
        access=access_to(made.people["admitted"], made.workspace.uuid),
        content=out,
        size=len(out.getvalue()),
        name=made.canary(about, "name", readers) + ".jpg",
        **said,
    )


def _picture(made: World, told: Iterable[str]) -> PublicImage:
    content = io.BytesIO()
    Image.new("RGB", (160, 90), "orange").save(content, "PNG")
    return PublicImage.objects.create(
        title=made.canary("consentback", "picturetitle", told),
        alt=made.canary("consentback", "picturealt", ()),
        credit=made.canary("consentback", "picturecredit", ()),
        file=ContentFile(content.getvalue(), "picture.png"),
    )


def _news(made: World, which: str, told: Iterable[str]) -> NewsPage:
    lead, words = (made.canary(f"consent{which}", what, ()) for what in IN_PAGES)
    page = news_page(
        made.canary(f"consent{which}", "title", told),
        slug=f"consent-{which}",
        body=[("text", f"<p>{words}</p>")],
    )
    NewsPage.objects.filter(pk=page.pk).update(lead=lead)
    page.refresh_from_db()
    return page


def _story(made: World, told: Iterable[str]) -> StoryPage:
    page = story_page(made.canary("consentwaiting", "storytitle", told), slug="consent-story")
    page.lead = made.canary("consentwaiting", "storylead", ())
    page.save_revision().publish()
    return StoryPage.objects.get(pk=page.pk)
