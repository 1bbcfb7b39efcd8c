"""An editor makes a page with every block, previews it, times it, translates it and publishes that."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.documents.files.metadata.media_samples import mp4
from tests.journeys.demo import Demo, Person, wait_until
from tests.journeys.eye import Eye
from tests.journeys.newsroom import add_block, choose_first, preview, publish, set_timer, write_in
from tests.markup import squeezed

pytestmark = pytest.mark.timeout(400, func_only=True)
TITLE = "Барлық блок бір бетте"
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.500\nБіз осындамыз\n"
WAIT = 40_000.0  # milliseconds on a busy machine
NOW = """
from django.utils import timezone
from coalition.jobs.models import DueWork
from wagtail.models import Revision
(revision,) = Revision.objects.filter(object_str="{title}", approved_go_live_at__isnull=False)
print(revision.approved_go_live_at.isoformat())
Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
DueWork.objects.filter(kind="home.go_live", key=revision.object_id).update(due_at=timezone.now())
"""


def test_a_page_with_every_block(demo: Demo, person) -> None:
    editor: Person = person("newsroom")
    send_in_video(editor)
    languages = squeezed(editor.go("/cms/translations/").content())
    found = re.search(r'/cms/pages/(\d+)/edit/" lang="kk">Жаңалықтар<', languages)
    assert found, "The list of news in Kazakh is in the list of languages."
    write_page(editor, f"/cms/pages/add/home/newspage/{found.group(1)}/")
    expect(preview(editor.page).get_by_role("heading", name=TITLE)).to_be_visible(timeout=WAIT)
    planned = set_timer(editor.page)
    publish(editor.page)
    translate(editor)
    campaign = compose(editor)

    reader: Person = person(width=360)
    shown = reader.page.get_by_role("link", name=TITLE, exact=True).first
    reader.go("/kk/news/")
    expect(shown).to_have_count(0)
    # The clock cannot be moved in a journey, so the minute is, once it is what was asked for.
    done = demo.manage("shell", "--verbosity", "0", "--command", NOW.format(title=TITLE))
    assert datetime.datetime.fromisoformat(done.stdout.strip()) == planned, done.stderr
    wait_until(lambda: reader.go("/kk/news/").get_by_role("link", name=TITLE).count(), "the planned page")
    address = shown.get_attribute("href")
    assert address
    look_at(person, address)
    look_at(person, campaign)
    reader.go(campaign)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Бір апта. Бір талап.")
    headings = reader.page.locator("main").get_by_role("heading", level=2)
    expect(headings).to_have_text(
        ["Не білеміз", "Жаңалықтар", "Не істейміз", "Ұйымдар", "Мұны қайдан білеміз?"]
    )
    reader.go(address)
    reader.page.get_by_text("Айтылғанды оқу").click()
    expect(reader.page.locator(".video details")).to_contain_text("Біз осындамыз")
    reader.page.locator('a[hreflang="ru"], a[lang="ru"]').first.click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Все блоки на одной странице")


def send_in_video(editor: Person) -> None:
    page = editor.go("/cms/snippets/home/publicvideo/add/")
    page.locator('[name="title"]').fill("Куә")
    page.locator('[name="credit"]').fill("Ару")
    page.locator('[name="file"]').set_input_files({"name": "a.mp4", "mimeType": "video/mp4", "buffer": mp4()})
    captions = {"name": "a.vtt", "mimeType": "text/vtt", "buffer": CAPTIONS.encode()}
    page.locator('[name="captions_kk"]').set_input_files(captions)
    page.locator('[name="transcript_kk"]').fill("Біз осындамыз.")
    choose_first(page, "id_poster")
    page.locator("footer button[type='submit']").first.click()
    page.wait_for_url(re.compile(r"/publicvideo/$"))


def write_page(editor: Person, address: str) -> None:
    page = editor.go(address)
    page.locator('[name="title"]').fill(TITLE)
    page.locator('[name="lead"]').fill("Кіріспе.")
    write_in(page, add_block(page, "Текст"), "Біз айтамыз.")
    add_block(page, "Цитата", {"words": "Біз осындамыз", "speaker": "Ару"})
    picture = add_block(page, "Изображение", {"caption": "Қызғалдақ", "credit": "Ару"})
    choose_first(page, f"{picture}-image-image")
    number = {"numeral": "5", "sentence": "хат жазылды.", "scope": "Алматы, 2026.", "source": "Ару, 2026."}
    add_block(page, "Число с источником", number)
    fact = add_block(page, "Факт из реестра")
    page.locator(f'select[name="{fact}"]').select_option(index=1)
    choose_first(page, f"{add_block(page, 'Видео', {'caption': 'Куә'})}-video", "Куә")
    write_in(page, f"{add_block(page, 'Врезка', {'heading': 'Көмек'})}-text", "Қоңырау шалыңыз.")
    add_block(page, "Призыв к действию", {"words": "Хат жазыңыз", "address": "https://example.org/"})
    names = add_block(page, "Организации", {"heading": "Бірге"})
    page.locator(f'select[name="{names}-organisations"]').select_option(index=[0, 1])


def translate(editor: Person) -> None:
    page = editor.go("/cms/translations/?state=missing&language=ru")
    page.get_by_role("row", name=TITLE).get_by_role("link").first.click()
    page.get_by_role("button", name="Создать страницу на этом языке").first.click()
    page.wait_for_url(re.compile(r"/cms/pages/\d+/edit/"))
    page.locator('[name="title"]').fill("Все блоки на одной странице")
    publish(page)


def compose(editor: Person) -> str:
    """A page of a campaign in Kazakh, of sections; returns its address."""
    languages = squeezed(editor.go("/cms/translations/").content())
    found = re.search(r'/cms/pages/(\d+)/edit/" lang="kk">Қорғау123<', languages)
    assert found, "The first page in Kazakh is in the list of languages."
    page = editor.go(f"/cms/pages/add/home/campaignpage/{found.group(1)}/")
    # Before the title, which an untouched address follows.
    page.locator('[name="slug"]').evaluate("one => { one.value = 'spring' }")
    page.locator('[name="title"]').fill("Көктем науқаны")
    page.locator('[name="lead"]').fill("Бір апта, бір талап.")
    poster = {"first": "Бір апта.", "second": "Бір талап."}
    add_block(page, "Плакат", poster, stream="sections")
    numbers = add_block(page, "Числа и факты", {"heading": "Не білеміз"}, stream="sections")
    fact = add_block(page, "Факт из реестра", stream=f"{numbers}-figures")
    page.locator(f'select[name="{fact}"]').select_option(index=1)
    add_block(page, "Последние новости", stream="sections")
    calls = add_block(page, "Призывы к действию", {"heading": "Не істейміз"}, stream="sections")
    page.locator(f'[name="{calls}-calls-0-value-words"]').fill("Хат жазыңыз")
    page.locator(f'[name="{calls}-calls-0-value-address"]').fill("https://example.org/")
    add_block(page, "Организации", stream="sections")
    add_block(page, "Откуда мы знаем", stream="sections")
    publish(page)
    wait_until(lambda: editor.status("/kk/spring/") == 200, "the page of the campaign")
    return "/kk/spring/"


def look_at(person, address: str) -> None:
    faults = []
    for width, scheme in ((360, "dark"), (1440, "light")):
        eye = Eye(person(width=width, scheme=scheme), "kk")
        eye.look(address)
        faults += eye.faults
    assert faults == []
