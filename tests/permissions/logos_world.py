"""Logos in the world in which every secret has a word. Logos are drawn anew, so nothing that came with them
is kept; the bytes that are kept carry a word here, so that it is seen where they are sent."""

import io

from django.core.files.base import ContentFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from documents.models import OrganisationLogo
from documents.publication.actions import upload_organisation_logo
from tests.permissions.world import EVERYONE, World

NOWHERE = ("logokept",)  # outlived the name: nobody is sent it
KNOWING = {"logo": "representative"}


def add_logos(made: World) -> None:
    _permitted(made)
    _outlived(made)


def _permitted(made: World) -> None:
    person = made.people["representative"]
    organisation = person.memberships.get().organisation
    hidden = PngInfo()
    hidden.add_text("Comment", made.canary("logo", "hiddeninpicture", ()))
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "teal").save(out, "PNG", pnginfo=hidden)
    content = out.getvalue()
    logo = upload_organisation_logo(
        person=person,
        organisation=organisation,
        content=io.BytesIO(content),
        size=len(content),
        name=made.canary("logo", "namehiddeninpicture", ()) + ".png",
    )
    kept = _bytes_of(logo)
    assert b"Canary" not in kept
    _overwrite(logo, kept + made.canary("logo", "bytes", EVERYONE).encode())
    made.things["logo"] = _address(organisation, logo)


def _outlived(made: World) -> None:
    """A row that should have gone with the name: no way to it may trust that it went."""
    organisation = made.people["withheld"].memberships.get().organisation
    logo = OrganisationLogo(
        organisation=organisation, sha256="0" * 64, width=60, height=30, permitted_at=now()
    )
    logo.file.save("logo.png", ContentFile(made.canary("withheld", "logokept", ()).encode()), save=False)
    logo.save()
    made.things["withheldlogo"] = _address(organisation, logo)


def _address(organisation: Organisation, logo: OrganisationLogo) -> dict[str, object]:
    return {
        "slug": organisation.slug or str(organisation.uuid),
        "logo": logo.uuid,
        "organisation": organisation.uuid,
    }


def _bytes_of(logo: OrganisationLogo) -> bytes:
    with logo.file.open("rb") as file:
        return bytes(file.read())


def _overwrite(logo: OrganisationLogo, content: bytes) -> None:
    storage, name = logo.file.storage, str(logo.file.name)
    storage.delete(name)
    assert storage.save(name, ContentFile(content)) == name
