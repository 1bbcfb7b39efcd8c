"""Journey 16a: a survivor takes her face back with her caseworker. The film's page, the label, two items of
a kit, the photograph of an event and the picture of an article are gone in one moment; a taker is told
without a reason and answers; the log has no name and no word of what was taken."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person

pytestmark = pytest.mark.timeout(240, func_only=True)

PHONE = 360
SOON = 20_000  # milliseconds
ALT = "Canary hands at a window"
KIT_TITLES = ("Canary portrait one", "Canary portrait two")
# Her face in seven items, agreed to three days ago; prints where each stands.
SETUP = f"""
import datetime, io, json
from django.core.files.base import ContentFile
from django.utils.timezone import localdate
from coalition.accounts.models import Language, Organisation, User
from coalition.consent.actions.records import Scope, ask_consent
from coalition.consent.actions.uses import record_answer, record_question, request_uses
from coalition.consent.enums import Form, Place
from coalition.consent.models import ConsentItem, ConsentUse
from coalition.core.clock import freeze_clock_at, now
from coalition.workspaces.permissions import access_to
from demo import art
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from events.models import Event, PressGuest
from events.press.kit.actions import add_kit_item, record_kit_opened
from events.press.kit.models import EventKit, KitItem, KitKind, KitPhase
from events.exhibitions.works.models import Work
from events.exhibitions.works.queries import public_exhibitions, public_works
from home.models import FilmPage, NewsPage, PublicImage

people = {{name: User.objects.get(email=f"{{name}}@demo.example") for name in
          ("coordinator", "reviewer", "newsroom")}}
centre = people["reviewer"].memberships.get(ended_at=None).organisation
kit = EventKit.objects.select_related("event__workspace").first()
event = kit.event
access = access_to(people["coordinator"], event.workspace.uuid)
with freeze_clock_at(now() - datetime.timedelta(days=3)):
    consent = ask_consent(
        by=people["reviewer"], organisation=centre, contact="+7 700 000 02 11", is_adult=True,
        until=localdate(now()) + datetime.timedelta(days=300),
        scopes=[Scope(Form.FACE, place, language) for place in Place for language in Language],
    )

def picture(name, variant):
    content = art.png(art.cover(variant))
    return upload_file(access=access, content=io.BytesIO(content), size=len(content), name=name,
                       alt="{ALT}", credit="Aru", handling=Handling.PUBLIC)

items = []
for title, variant in zip({KIT_TITLES!r}, ("five", "zero")):
    file = picture(f"{{title}}.png".lower().replace(" ", "-"), variant)
    add_kit_item(access=access, event=event, phase=KitPhase.AT_EVENT, kind=KitKind.FILE,
                 title=dict.fromkeys(Language.values, title),
                 file=file, others_agree=True)
    items.append(("file", str(file.uuid), people["coordinator"]))
hour = datetime.timedelta(hours=1)
EventKit.objects.filter(pk=kit.pk).update(way="moment", opens_at=now() - hour, on_page=True)
kit.refresh_from_db()
guest = PressGuest.objects.filter(registration__event=event, state="confirmed").first()
record_kit_opened(kit, guest)
photograph = picture("canary-photograph.png", "letters")
event.picture = photograph
event.save(update_fields=["picture"])
items.append(("file", str(photograph.uuid), people["coordinator"]))
exhibition = public_exhibitions().first()
work = next(iter(public_works(exhibition)), None)
items.append(("work", str(work.uuid), people["coordinator"]))
content = ContentFile(art.cover_png("twelve"), name="canary.png")
image = PublicImage(title="Canary cover", alt="{ALT}", file=content)
image.save()
article = NewsPage.objects.live().filter(locale__language_code="en", publication=None).first()
article.cover, article.cover_alt = image, "{ALT}"
article.save_revision().publish()
items.append(("image", str(image.pk), people["newsroom"]))
film = FilmPage.objects.live().filter(locale__language_code="en").first()
items.append(("video", str(film.video_id), people["newsroom"]))
with freeze_clock_at(now() - datetime.timedelta(days=3) + datetime.timedelta(minutes=1)):
    for kind, key, by in items:
        request_uses(by=by, organisation=None, code=consent.code, kind=kind, key=key, forms=[Form.FACE],
                     places=list(Place), languages=list(Language))
    ConsentItem.objects.filter(consent=consent).update(needs_lawyer=False)
    uses = ConsentUse.objects.filter(item__consent=consent)
    record_question(by=people["reviewer"], consent=consent, uses=uses)
    record_answer(by=people["reviewer"], consent=consent, uses=uses, agrees=True)
    ConsentItem.objects.filter(consent=consent).update(needs_lawyer=False)
print(json.dumps({{
    "record": str(consent.uuid), "code": consent.code, "guest": guest.address,
    "event": f"/en/events/{{event.slug}}/", "picture": f"/en/events/{{event.slug}}/picture/",
    "kit": f"/en/events/{{event.slug}}/kit/", "article": article.get_url(), "film": film.get_url(),
    "works": f"/en/events/{{exhibition.event.slug}}/works/",
    "work": f"/en/events/{{exhibition.event.slug}}/works/{{work.number}}/",
    "label": work.title.in_language("en"),
}}))
"""
LOG = """
from coalition.audit.models import AuditEntry
from coalition.consent.models import ConsentRecord
row = ConsentRecord.objects.get(uuid="{record}")
print([(one.action, one.detail) for one in AuditEntry.objects.filter(target=row.uuid)])
"""


@dataclass
class Places:
    """Where her face stands, as the public sees it."""

    demo: Demo
    at: dict[str, Any]

    def words(self, name: str) -> str:
        return self.demo.get(self.at[name]).decode()


def taken(demo: Demo, program: str) -> str:
    """What a program prints in the demo's shell."""
    done = demo.manage("shell", "--no-imports", "-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_a_face_taken_back(demo: Demo, person: Callable[..., Person]) -> None:
    places = Places(demo, json.loads(taken(demo, SETUP)))
    visitor: Person = person(width=PHONE)
    she_is_everywhere(places, visitor)
    caseworker: Person = person("reviewer").choose_language("en")
    page = withdraw_all(caseworker, places)
    she_is_nowhere(places, visitor)
    taker_answers(demo, person(width=PHONE), places)
    page.reload()
    expect(page.locator("main")).to_contain_text("Removed")
    log = taken(demo, LOG.format(record=places.at["record"]))
    assert "consent.withdrawn" in log
    assert places.at["code"] in log
    assert "Canary" not in log
    assert places.at["guest"] not in log


def she_is_everywhere(places: Places, visitor: Person) -> None:
    assert places.words("kit").count(f"What one sees: {ALT}") == len(KIT_TITLES)
    assert ALT in places.words("article")
    assert places.at["label"] in places.words("works")
    assert ALT in places.words("event")
    assert {visitor.status(places.at[name]) for name in ("work", "film", "picture")} == {200}
    page = visitor.go(places.at["film"])
    expect(page.locator("video")).to_be_visible()


def withdraw_all(caseworker: Person, places: Places) -> Page:
    page = caseworker.go(f"/workspaces/consent/{places.at['record']}/")
    expect(page.locator("h1")).to_have_text(places.at["code"])
    page.get_by_role("link", name="She takes something back").click()
    expect(page.locator("main")).to_contain_text("What we cannot take back")
    page.get_by_label("Everything, for good").check()
    page.get_by_role("button", name="Take it back now").click()
    expect(page.locator("main")).to_contain_text("nothing of it is shown on our site any more", timeout=SOON)
    return page


def she_is_nowhere(places: Places, visitor: Person) -> None:
    kit = places.words("kit")
    assert "canary" not in kit.lower()
    assert ALT not in places.words("article")
    assert places.at["label"] not in places.words("works")
    assert ALT not in places.words("event")
    assert {visitor.status(places.at[name]) for name in ("work", "film", "picture")} == {404}


def taker_answers(demo: Demo, taker: Person, places: Places) -> None:
    link = demo.link_in_mail_to(places.at["guest"], r"http\S+/material/\S+/")
    page = taker.go(link)
    words = page.locator("main").inner_text()
    assert not re.search("consent|survivor|withdr|келісім|соглас|пострадав|зардап", words, re.IGNORECASE)
    assert places.at["code"] not in words
    for group in page.locator("fieldset").all():
        group.locator('input[value="removed"]').check()
    page.locator("main form button").click()
    expect(page.locator(".notice--yes")).to_be_visible()
