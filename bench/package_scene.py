"""Packages of the group `packages`, in a process of its own: `python -m bench.package_scene STEP`.

`begin` makes a package with an item for each film, a session of its coordinator, and a published package of
twelve items without pictures. `finish` makes files of the films that were sent meanwhile, and publishes them.
"""

import json
import random
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.campaigns.media_package.builders import Press

FILMS = ("bench-film", "bench-long")  # items
SLUG, TWELVE = "bench-package", "bench-twelve"
ITEMS = 12
LONG_ITEMS = 4  # of them: interviews and films, with everything that is said
# Characters in each part of an item's text, in each language.
PARTS = {
    "caption": 300,
    "telegram": 250,
    "whatsapp": 200,
    "instagram": 300,
    "description": 150,
    "credit": 60,
    "licence": 200,
    "funding": 80,
}
LONG_PARTS = {"lead_in": 250, "lower_thirds": 100, "shot_list": 400, "transcript": 1_200}


def begin() -> dict[str, Any]:
    """Return the session of the coordinator, and where the uploads to each film begin."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from tests.conftest import sign_in

    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup_site", verbosity=0)
    press = _new_package(SLUG)
    items = [press.item(name) for name in FILMS]
    _twelve()
    client = sign_in(Client(), press.made.coordinator)
    session = settings.SESSION_COOKIE_NAME
    return {
        "session": f"{session}={client.cookies[session].value}",
        "csrf": settings.CSRF_COOKIE_NAME,
        "uploads": [reverse("campaigns:media_uploads", args=[one.uuid]) for one in items],
    }


def finish() -> dict[str, Any]:
    """Return the paths of both films and of the page, and where the first film is on the disk."""
    from django.urls import reverse

    from coalition.campaigns.media_package.actions.renditions import prepare_rendition
    from coalition.campaigns.media_package.models import FileUpload
    from coalition.campaigns.media_package.uploads.assembly import assemble_upload
    from coalition.campaigns.media_package.views.public import file_path
    from documents.files.public_copy import public_bytes

    press = _package(SLUG)
    files = []
    for item in press.items:
        upload = FileUpload.objects.get(item=item, finished_at=None)
        assemble_upload(str(upload.uuid))
        upload.refresh_from_db()
        if upload.rendition is None or upload.rendition.file is None:
            raise RuntimeError(upload.failure)
        prepare_rendition(str(upload.rendition.uuid))
        upload.rendition.refresh_from_db()
        upload.rendition.file.refresh_from_db()
        press.approve(item)
        files.append(upload.rendition)
    _publish(press)
    bytes_of_first = public_bytes(files[0].file)
    return {
        "films": [file_path(press.package, one) for one in files],
        "disk": bytes_of_first.file.path,
        "page": reverse("media_package", args=[TWELVE]),
    }


def _new_package(slug: str) -> "Press":
    from coalition.campaigns.media_package.actions.packages import create_package
    from tests.campaigns.media_package.builders import Press
    from tests.documents.approval.builders import stage

    made = stage()
    title = {"kk": "Топтама", "ru": "Пакет", "en": "Package"}
    return Press(made, create_package(access=made.access, title=title, slug=slug))


def _package(slug: str) -> "Press":
    """Return the package of an earlier step, with the people who decide about its items."""
    from coalition.accounts.models import Membership
    from coalition.campaigns.media_package.models import MediaPackage
    from coalition.workspaces.queries import participants
    from tests.campaigns.media_package.builders import Press
    from tests.documents.approval.builders import Stage

    package = MediaPackage.objects.select_related("created_by", "workspace").get(slug=slug)
    if package.created_by is None:
        raise RuntimeError("nobody made the package")
    organisations = list(participants(package.workspace))
    people = Membership.objects.filter(organisation__in=organisations).select_related("person")
    items = list(package.items.select_related("draft", "package").order_by("pk"))
    representatives = {one.organisation_id: one.person for one in people}
    made = Stage(package.workspace, package.created_by, items[0].draft, organisations, representatives)
    return Press(made, package, items)


def _publish(press: "Press") -> None:
    from coalition.campaigns.media_package.actions.packages import publish_package

    publish_package(access=press.access, package=press.package)


def _twelve() -> None:
    """Publish twelve items with words in three languages and six files each, none of them a picture."""
    from coalition.campaigns.media_package.enums import Format, ItemKind

    press = _new_package(TWELVE)
    chance = random.Random(20)
    for number in range(ITEMS):
        is_long = number < LONG_ITEMS
        kind = ItemKind.VIDEO if is_long else ItemKind.POSTER
        item = press.item(f"bench-{number + 1}", kind)
        for language in ("kk", "ru", "en"):
            for rendition_format in (
                (Format.SUBTITLES, Format.VOICE_OVER) if is_long else (Format.A3, Format.WEB)
            ):
                press.file(item, b"Words.", rendition_format=rendition_format, language=language)
        _approve(press, number, PARTS | (LONG_PARTS if is_long else {}), chance)
    _publish(press)


def _approve(press: "Press", number: int, parts: dict[str, int], chance: random.Random) -> None:
    from coalition.campaigns.media_package.sections import HEADINGS
    from documents.drafts.actions.manage import name_version
    from documents.publication.actions import publish_approved
    from tests.campaigns.media_package.builders import blocks
    from tests.documents.approval.builders import Stage

    item, made = press.items[number], press.made
    own = Stage(made.workspace, made.coordinator, item.draft, made.organisations, made.representatives)
    versions = []
    for language in ("kk", "ru", "en"):
        body = [(HEADINGS[key][language], _words(language, count, chance)) for key, count in parts.items()]
        title = _words(language, 60, chance)
        text = own.write_blocks(blocks(*body), language, title=title)
        versions.append(name_version(access=press.access, text=text, name="As agreed"))
    round_ = own.put(versions=versions)
    own.approve_all(round_)
    publish_approved(access=press.access, round_=round_)


def _words(language: str, count: int, chance: random.Random) -> str:
    """Return so many characters of sentences of the interface: they compress as what people write. In small
    letters, since a text that names somebody goes to a lawyer first."""
    from django.utils.translation.trans_real import translation

    loaded: Any = translation("kk" if language == "en" else language)
    catalogue = loaded._catalog
    pairs = [words if language != "en" else key for key, words in catalogue.items() if isinstance(key, str)]
    sentences = sorted({one.lower() for one in pairs if len(one) > 40 and not set(one) & set("%<>{}\n\x04")})
    found = ""
    while len(found) < count:
        found += f"{chance.choice(sentences)} "
    return found[:count].strip()


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"begin": begin, "finish": finish}[sys.argv[1]]()))
