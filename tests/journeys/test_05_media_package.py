"""Journey 5: a regional TV station takes a clip on a slow line, loses the line, resumes, and logs its airing
by a link from a messenger. The figure on the poster changes; the station answers; the desk shows one of
seven open. A file that was passed on is asked whether it is current."""

import hashlib
import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import Demo, Person, wait_until

pytestmark = pytest.mark.timeout(300, func_only=True)

PHONE = 360
LIBRARY = """
import datetime, json
from coalition.accounts.models import Organisation, User
from coalition.campaigns.media_package.actions.items import create_item
from coalition.campaigns.media_package.actions.packages import create_package, publish_package
from coalition.campaigns.media_package.actions.renditions import add_rendition, prepare_rendition
from coalition.campaigns.media_package.enums import Format, ItemKind, OutletAnswer
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, NoticeRecipient, Rendition
from coalition.campaigns.media_package.notices.actions import answer_by_link, answer_path
from coalition.campaigns.media_package.notices.automatic import tell_when_set
from coalition.campaigns.media_package.outlets.actions import give_link, link_path, note_taken
from coalition.campaigns.media_package.posters.setting import set_posters
from coalition.core.clock import now
from coalition.workspaces.permissions import access_to
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import submit_for_approval
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import ApprovalRule
from documents.facts.actions import change_fact, check_fact, create_fact
from documents.facts.models import Fact, content_of, fact_run
from documents.files.actions import upload_file
from documents.publication.actions import publish_approved

LANGUAGES = ("kk", "ru", "en")
CREDIT = {"kk": "Авторлары", "ru": "Авторы", "en": "Credit"}
LICENCE = {"kk": "Пайдалану шарты", "ru": "Условия использования", "en": "Licence"}
SOON = localdate(now()) + datetime.timedelta(days=90)
editor = User.objects.get(email="editor@demo.example")
coordinator = User.objects.get(email="coordinator@demo.example")
own = coordinator.memberships.get(ended_at=None).organisation
seats = coordinator.seats.filter(role="coordinator", ended_at=None, workspace__archived_at=None)
seat = seats.order_by("pk").first()
access = access_to(coordinator, seat.workspace.uuid, acting_for=str(own.uuid))

def words(text):
    return {"type": "text", "text": text}

def part(heading, text):
    return [{"type": "heading", "attrs": {"level": 2}, "content": [words(heading)]},
            {"type": "paragraph", "content": [words(text)]}]

def write(item, title, fact=None):
    for language in LANGUAGES:
        first = [words("In figures: ")]
        if fact is not None:
            version = fact.current
            run = fact_run(version, version.words.get(language=language))
            first += [{"type": "fact", "attrs": dict(run)}, words(".")]
        parts = [*part(CREDIT[language], "The coalition"), *part(LICENCE[language], "Free to air")]
        body = {"type": "doc", "content": [{"type": "paragraph", "content": first}, *parts]}
        text = item.draft.texts.select_related("draft").get(language=language)
        save_text(access=access, text=text, title=title, lead="A line below.", body=body)

def publish(item):
    texts = item.draft.texts.select_related("draft")
    versions = [
        name_version(access=access, text=texts.get(language=one), name="As agreed") for one in LANGUAGES
    ]
    round_ = submit_for_approval(access=access, draft=item.draft, organisations=[own], versions=versions,
                                 deadline=now() + datetime.timedelta(days=3), rule=ApprovalRule.ALL,
                                 acknowledged=True)
    hashes = {one.language: one.version.hash for one in round_.texts.select_related("version")}
    approve(round_=round_, organisation=own, hashes=hashes, person=coordinator)
    return publish_approved(access=access, round_=round_)

def prepare(publication):
    set_posters(str(publication.uuid))
    for row in Rendition.objects.filter(publication=publication):
        prepare_rendition(str(row.uuid))
"""
SETUP = f"""{LIBRARY}
wording = dict(sentence="of women were harassed at work", scope="Kazakhstan", source="A survey", how="")
content = dict(as_of=localdate(now()).year, publisher="A survey", title="", address="",
               words={{one: dict(wording, numeral="17 %") for one in LANGUAGES}})
owner = editor.memberships.get(ended_at=None).organisation.uuid
fact = create_fact(person=editor, owner=owner, kind="numeral", topic="work", next_check=SOON, **content)
fact = check_fact(person=coordinator, fact=fact, seen=1, next_check=SOON)
package = create_package(
    access=access, title=dict.fromkeys(LANGUAGES, "Canary package"), slug="canary-package",
    contact_name="Aigul", contact_phone="+7 700 000 02 12")
poster = create_item(access=access, package=package, title="Canary poster", kind=ItemKind.POSTER,
                     name="canary-poster", sets_formats=["1x1"])
clip = create_item(
    access=access, package=package, title="Canary clip", kind=ItemKind.VIDEO, name="canary-clip")
from tests.documents.files.metadata import media_samples
content = media_samples.mp4() + b"\\0\\0\\0\\x08free" * 60_000
file = upload_file(access=access, content=ContentFile(content), size=len(content), name="clip.mp4")
made = add_rendition(access=access, item=clip, file=file, rendition_format=Format.MASTER, language="kk")
prepare_rendition(str(made.uuid))
write(poster, "Silence is no answer", fact)
write(clip, "What she says")
prepare(publish(poster))
publish(clip)
publish_package(access=access, package=package)
links = [give_link(access=access, package=package, language="en", outlet=f"Outlet {{number}}",
                   address=f"outlet{{number}}@news.example") for number in range(1, 7)]
oral = give_link(access=access, package=package, language="en", outlet="Oral TV", address="oral@news.example")
for link in links:
    note_taken(link, Rendition.objects.filter(item=poster, language="kk"))
print(json.dumps({{
    "link": link_path(oral), "fact": str(fact.uuid), "package": f"/workspaces/media/{{package.uuid}}/",
    "poster": f"/workspaces/media/items/{{poster.uuid}}/",
}}))
"""
CHANGE = f"""{LIBRARY}
fact = Fact.objects.get(uuid="{{fact}}")
content = content_of(fact.current)
content["words"] = {{one: dict(row, numeral="19 %") for one, row in content["words"].items()}}
change_fact(person=editor, fact=fact, why="A new survey", next_check=SOON, seen=1, **content)
check_fact(person=coordinator, fact=Fact.objects.get(pk=fact.pk), seen=2, next_check=SOON)
print("changed")
"""
CORRECT = f"""{LIBRARY}
correction = publish(MediaItem.objects.get(name="canary-poster"))
prepare(correction)
tell_when_set(str(correction.uuid))
print("published")
"""
OTHERS = f"""{LIBRARY}
rows = NoticeRecipient.objects.filter(notice__item__name="canary-poster").order_by("pk")
for row in [one for one in rows if one.link.outlet.startswith("Outlet")][:5]:
    answer_by_link(recipient=row, answer=OutletAnswer.NOT_USED)
print(rows.count())
"""


def printed(demo: Demo, program: str) -> str:
    """What a program prints last in the demo's shell."""
    done = demo.manage("shell", "--no-imports", "-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_a_station_takes_a_clip_and_answers_a_correction(demo: Demo, person: Callable[..., Person]) -> None:
    at: dict[str, Any] = json.loads(printed(demo, SETUP))
    station = person(width=PHONE)
    page = station.go(at["link"])
    takes_the_clip_on_a_broken_line(demo, page)
    old = takes_the_poster(page)
    logs_its_airing_from_a_messenger(station, at["link"])

    printed(demo, CHANGE.replace("{fact}", at["fact"]))
    coordinator: Person = person("coordinator").choose_language("en")
    puts_the_new_figure_in(coordinator, at)
    printed(demo, CORRECT)
    answers_by_one_press(demo, station)
    assert printed(demo, OTHERS) == "7"
    expect(coordinator.go(at["package"]).locator("main")).to_contain_text("1 of 7")
    asks_about_a_file_that_was_passed_on(person(width=PHONE), old)


def takes_the_clip_on_a_broken_line(demo: Demo, page: Page) -> None:
    """Half of the file arrives, the line breaks, and a download manager asks for the rest."""
    link = page.locator("#canary-clip .media-files a").first
    address = str(link.get_attribute("href"))
    page.locator("#canary-clip .media-files summary").first.click()
    expected = page.locator("#canary-clip .media-files code").first.inner_text()
    with urllib.request.urlopen(demo.address + address) as answer:
        etag, size = answer.headers["ETag"], int(answer.headers["Content-Length"])
        first = answer.read(size // 2)
    rest = urllib.request.Request(
        demo.address + address, headers={"Range": f"bytes={len(first)}-", "If-Range": etag}
    )
    with urllib.request.urlopen(rest) as answer:
        assert answer.status == 206
        whole = first + answer.read()
    assert hashlib.sha256(whole).hexdigest() == expected


def takes_the_poster(page: Page) -> str:
    """Return the name of the file that is saved."""
    with page.expect_download() as saved:
        page.locator("#canary-poster .media-files a").first.click()
    name = saved.value.suggested_filename
    assert re.fullmatch(r"canary-poster_1x1_(kk|ru|en)_v1\.png", name)
    page.reload()
    expect(page.locator("section", has=page.locator("#taken"))).to_contain_text(
        "canary-clip_1080p25_kk_v1.mp4"
    )
    return name


def logs_its_airing_from_a_messenger(station: Person, link: str) -> None:
    page = station.go(f"{link}?aired=canary-clip")
    form = page.locator("#aired form")
    form.locator("[name=programme]").fill("Evening news")
    form.locator("button[type=submit]").click()
    expect(page.locator("#aired")).to_contain_text("Thank you")


def puts_the_new_figure_in(coordinator: Person, at: dict[str, Any]) -> None:
    page = coordinator.go(at["package"])
    expect(page.locator("main")).to_contain_text("A figure in it has changed since.")
    page = coordinator.go(at["poster"])
    page.locator('form[action$="/figure/"] button').click()
    text = page.locator("a.btn--solid", has_text="words and approval")
    expect(text).to_be_visible()
    coverage = coordinator.go(f"{at['package']}coverage/")
    expect(coverage.locator("main")).to_contain_text("Evening news")


def answers_by_one_press(demo: Demo, station: Person) -> None:
    address = demo.link_in_mail_to("oral@news.example", r"http://\S+/media-answer/[\w-]+/")
    page = station.page
    page.goto(address)
    expect(page.locator("main")).to_contain_text(re.compile(r"canary-poster_1x1_\w\w_v2\.png"))
    page.locator('form:has([value="replaced"]) button').click()
    expect(page.locator("main")).to_contain_text("Thank you")


def asks_about_a_file_that_was_passed_on(reader: Person, name: str) -> None:
    page = reader.go("/en/media/current/")
    page.locator("#file").fill(name.replace(".png", " (1).png"))
    page.locator("#current-form button").click()
    expect(page.locator("[role=status]").first).to_contain_text("Replaced")
    newer = name.replace("_v1", "_v2")
    expect(page.locator("main")).to_contain_text(newer)
    wait_until(
        lambda: page.get_by_role("link", name="Open the new file").count() == 1, "a way to the new file"
    )
