import datetime, os
from pathlib import Path
import pytest, time_machine
from django.urls import reverse
from django.utils import translation
from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.uses.actions import answer_staffing
from coalition.campaigns.helplines.uses.enums import *
from coalition.core.clock import now
from tests.campaigns.helplines.uses.builders import *
from tests.documents.conftest import room_of_everyone
from tests.factories import seat
from tests.home.conftest import site
pytestmark = pytest.mark.django_db
OUT = Path("/tmp/uses_shots"); OUT.mkdir(exist_ok=True)
LANG = os.environ.get("SHOT_LANG", "en")

def test_shots(client_of, site, settings):
    from home.models import CampaignPage, HomePage
    with time_machine.travel("2026-03-02 05:00Z", tick=False):
        here = room_of_everyone()
        here.workspace.title = "123-бапты енгізу науқаны"; here.workspace.save()
        a, b, c = line(is_round_the_clock=False, hours=[{"weekday": d, "opens": "09:00", "closes": "18:00"} for d in range(5)]), line(name={"kk": "111 байланыс орталығы", "ru": "Контакт-центр 111", "en": "Contact centre 111"}, channels=[{"kind":"phone","value":"111","note":{}}], checked=45), line(name={"kk":"Ескі желі","ru":"Старая линия","en":"Old line"}, checked=120)
        acc = here.access("editor")
        one = use(acc, a, title="TV clip, Oral TV, Friday evening", note="Two copies of 30 seconds")
        two = use(acc, b, title="Poster in buses of Oral", kind=UseKind.POSTER, ends_on=datetime.date(2026,4,1))
        three = use(acc, a, title="5,000 cards", kind=UseKind.CARD, channels=["phone:150"], starts_at=now()-datetime.timedelta(days=20))
        four = use(acc, a, title="Radio clip", starts_at=FRIDAY+datetime.timedelta(days=2))
        person = seat(organisation=a.organisation).person
        answer_staffing(person=person, use=four, answer=Staffed.NO)
        five = use(acc, a, title="Article in Oral Oniri", kind=UseKind.ARTICLE, starts_at=FRIDAY)
        answer_staffing(person=person, use=five, answer=Staffed.YES)
        ws = here.workspace.uuid
        for p in (here.user("editor"), person):
            p.language = LANG; p.save()
        ed, op = client_of(here.user("editor")), client_of(person)
        home = HomePage.objects.get(locale__language_code=LANG)
        page = CampaignPage(title="Науқан", slug="week", locale=home.locale, lead="x", sections=[("poster", {"first":"123","second":"Заң","lead":"Бәрі"}), ("text","<p>Мәтін тұрады. Көмек қайда?</p>"),("helpline", str(a.uuid)),("helpline", str(c.uuid))])
        home.add_child(instance=page); page.save_revision().publish()
        from django.test import Client
        pages = {
            "list": (ed, reverse("campaigns:helpline_uses", args=[ws])),
            "choose": (ed, reverse("campaigns:helpline_use_choose", args=[ws])),
            "add": (ed, reverse("campaigns:helpline_use_add", args=[ws, a.uuid])),
            "use": (ed, reverse("campaigns:helpline_use", args=[ws, one.uuid])),
            "use_declined": (ed, reverse("campaigns:helpline_use", args=[ws, four.uuid])),
            "dashboard": (ed, reverse("workspaces:dashboard")),
            "questions": (op, reverse("campaigns:staffing_questions")),
            "staffing": (op, reverse("campaigns:staffing", args=[one.uuid])),
            "line": (op, reverse("campaigns:helpline", args=[a.uuid])),
            "public": (Client(), page.get_url()),
        }
        for name, (client, url) in pages.items():
            with translation.override(LANG):
                answer = client.get(url, headers={"accept-language": LANG})
            assert answer.status_code == 200, (name, answer.status_code)
            (OUT / f"{name}.html").write_bytes(answer.content)
