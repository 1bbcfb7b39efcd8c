"""What is drawn on a card, and whether it fits: the typesetter measures, nothing is ever cut."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy, override
from PIL import Image

from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.campaigns.core.typesetting import query_template
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.postcards.words import CardWords, card_words
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.files import qr_svg, short_address
from coalition.core.errors import Refused
from coalition.core.localized_text import content_languages
from documents.files.consent import is_under_consent
from documents.files.models import StoredFile
from documents.files.public_copy import public_bytes

TEMPLATE: Final = Path(__file__).with_name("card.typ")
CODE_MILLIMETRES: Final = 22  # side of the code; a phone reads it from an arm's length
_PICTURE_PIXELS: Final = 1200  # longer side: 300 an inch on a card
_PICTURE: Final = "front.jpg"

type Files = dict[str, bytes]


@dataclass(frozen=True)
class CardContent:
    """What stands on every card of a design. `recipient`: lines, the name first; empty without one."""

    words: Sequence[CardWords]
    recipient: Sequence[str] = ()
    picture: bytes = b""
    picture_alt: str = ""
    credit: str = ""

    def data(self) -> dict[str, Any]:
        """Return what the template reads of it."""
        languages = []
        for one in self.words:
            with override(one.language):
                hint = _("Point the camera of your phone at the square, or type the address.")
            languages.append(
                {
                    "language": one.language,
                    "title": one.title,
                    "paragraphs": list(one.paragraphs),
                    "has_lead": one.has_lead,
                    "hint": hint,
                }
            )
        with override(self.words[0].language):
            label = _("To:")
        return {
            "languages": languages,
            "recipient": list(self.recipient),
            "recipient_label": label,
            "picture": _PICTURE if self.picture else "",
            "picture_alt": self.picture_alt,
            "credit": self.credit,
            "code_size": CODE_MILLIMETRES,
        }

    def files(self) -> Files:
        """Return the pictures that the template reads, by name."""
        return {_PICTURE: self.picture} if self.picture else {}


def content_of(design: CardDesign) -> CardContent:
    """Return what stands on the cards of a design. Raises Refused as `card_words` does, or if the picture
    cannot be read or printed."""
    return card_content(
        words=card_words(design.publication, design.languages),
        recipient=design.recipient_target or design.recipient_body,
        picture=design.front_picture,
    )


def card_content(
    *, words: Sequence[CardWords], recipient: Body | Target | None, picture: StoredFile | None
) -> CardContent:
    """Return the content of cards with these words. The recipient stands there in the first language."""
    return CardContent(
        words=words,
        recipient=recipient_lines(recipient, words[0].language),
        picture=_printable(picture) if picture is not None else b"",
        picture_alt=picture.alt if picture is not None else "",
        credit=picture.credit if picture is not None else "",
    )


def recipient_lines(recipient: Body | Target | None, language: str) -> list[str]:
    """Return name, office and postal address of a recipient in a language, the name first."""
    if recipient is None:
        return []
    body = recipient.body if isinstance(recipient, Target) else recipient
    parts = [recipient.name]
    if isinstance(recipient, Target):
        parts += [recipient.position, body.name]
    parts.append(recipient.address or body.address)
    return [line for part in parts if (line := " ".join(part.in_language(language).split()))]


def _printable(file: StoredFile) -> bytes:
    """Return the picture as JPEG on white, no larger than a printer can use. Raises Refused if it cannot be
    read, and if it shows somebody under consent, whatever she agreed to: what is printed cannot be called
    back."""
    if is_under_consent(file):
        raise Refused(gettext_lazy("This picture cannot be printed on cards. Choose another one."))
    try:
        with public_bytes(file).file.open("rb") as stored, Image.open(stored) as opened:
            drawn = opened.convert("RGBA")
    except OSError as fault:
        raise Refused(gettext_lazy("The picture cannot be read. Choose another one.")) from fault
    drawn.thumbnail((_PICTURE_PIXELS, _PICTURE_PIXELS))
    ground = Image.new("RGB", drawn.size, "white")
    ground.paste(drawn, mask=drawn.getchannel("A"))
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=88)
    return out.getvalue()


@dataclass(frozen=True)
class CardBatch:
    """What differs from batch to batch. `number`: "" on a preview without batches; `organisation`: its public
    name, "" where none may be told; `code`: of the referral, "" if there is none yet."""

    number: str = ""
    organisation: str = ""
    code: str = ""
    file: str = field(default="", compare=False)

    def data(self) -> dict[str, str]:
        """Return what the template reads of it."""
        return {
            "words": " · ".join(filter(None, [f"№ {self.number}" if self.number else "", self.organisation])),
            "code": self.file if self.code else "",
            "address": short_address(self.code) if self.code else "",
        }


def card_batch(batch: Batch, language: str) -> CardBatch:
    """Return what stands on the cards of a batch. Everybody reads a card: an organisation whose name is
    withheld is not named on it."""
    organisation = batch.organisation
    named = may_see_name(PUBLIC, organisation)
    return CardBatch(
        number=str(batch.number),
        organisation=display_name_for(PUBLIC, organisation, language=language) if named else "",
        code=batch.referral.code,
        file=f"code{batch.number}.svg",
    )


def code_files(batches: Sequence[CardBatch]) -> Files:
    """Return the codes of these batches as pictures, each drawn once."""
    return {one.file: qr_svg(one.code, border=0) for one in batches if one.code}


@dataclass(frozen=True)
class Excess:
    """How much too long the words in one language are: about so many characters of `length`."""

    language: str
    characters: int
    length: int


class CardTooFull(Refused):
    """The words do not fit on a card. `excess`: by how much, language by language; empty if it is the titles
    or the recipient."""

    def __init__(self, message: str | Promise, excess: Sequence[Excess] = ()) -> None:
        super().__init__(message)
        self.excess = tuple(excess)


def check_fits(content: CardContent) -> None:
    """Raise CardTooFull if anything would not fit on the card in the smallest type that is printed."""
    data = {**content.data(), "measure": True, "layout": "single", "pages": [], "batches": []}
    measured = query_template(TEMPLATE, data, "<fit>", pictures=content.files())
    excess = too_long(content.words, measured["heights"], measured["available"], line=measured["line"])
    if excess:
        raise CardTooFull(_excess_words(excess), excess)
    if not measured["titles"]:
        raise CardTooFull(gettext_lazy("The titles are too long for a card. Choose fewer languages."))
    if not measured["recipient"]:
        raise CardTooFull(gettext_lazy("Name and address of the recipient are too long for a card."))


def too_long(
    words: Sequence[CardWords], heights: Sequence[float], available: float, *, line: float
) -> list[Excess]:
    """Return by how much each language is too long, none if all fit into the `available` height.

    The height is shared equally; what a short language leaves over goes to the others. Counted in whole
    lines, so that who shortens a text by so much is done. `heights`, `available` and `line`, the height of
    one, in points.
    """
    if sum(heights) <= available:
        return []
    share, left, rest = 0.0, available, len(heights)
    for height in sorted(heights):
        share = left / rest
        if height > share:
            break
        left, rest = left - height, rest - 1
    found = []
    for one, height in zip(words, heights, strict=True):
        if height > share:
            lines = math.ceil((height - share) / line)
            characters = math.ceil(one.length * lines * line / height / 10) * 10
            found.append(Excess(one.language, min(characters, one.length), one.length))
    return found


def _excess_words(excess: Sequence[Excess]) -> Promise:
    names: Mapping[str, str] = dict(content_languages())
    parts = [
        format_lazy(
            gettext_lazy("{language}: about {characters} of {length} characters too many."),
            language=names[one.language],
            characters=one.characters,
            length=one.length,
        )
        for one in excess
    ]
    return format_lazy(
        "{start} {parts} {end}",
        start=gettext_lazy("The words are too long for a card."),
        parts=format_lazy(" ".join(["{}"] * len(parts)), *parts),
        end=gettext_lazy("Choose a shorter text or fewer languages: nothing is ever cut."),
    )
