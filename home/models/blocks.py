"""Blocks of the newsroom's pages: words, pictures, videos, facts, helplines.

Wagtail looks up every stored key among all choices whenever a page is read, with a query for each.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy as _, override
from wagtail import blocks
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.queries import public_organisations
from coalition.consent.site import IMAGE, VIDEO, has_consented_file, may_describe, may_show_block
from home.organisation_cards import organisation_cards


class KeysMixin:
    """The form refuses unknown keys. Keys are no words to search for."""

    def normalize_choice(self, value: Any) -> Any:
        return value

    def get_searchable_content(self, value: Any) -> list[str]:
        return []


class KeyBlock(KeysMixin, blocks.ChoiceBlock):
    """One object by its key."""


class KeysBlock(KeysMixin, blocks.MultipleChoiceBlock):
    """Several objects by their keys."""


class ConsentMixin:
    """A block with a picture, a video or a page: nothing of it is there if consent does not allow it now."""

    consent_kind: str

    def render(self, value: Any, context: dict[str, Any] | None = None) -> Any:
        if not may_show_block(self.consent_kind, value):
            return ""
        return super().render(value, context=context)  # type: ignore[misc]  # the mixin is no Block for mypy

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return no words of what is under consent: an index would keep them."""
        if has_consented_file(value):
            return []
        return super().get_searchable_content(value)  # type: ignore[misc]  # the mixin is no Block for mypy


PLAIN = ["bold", "italic", "link", "ol", "ul"]


def _language() -> str:
    return (get_language() or Language.KK)[:2]


class VideoBlock(ConsentMixin, blocks.StructBlock):
    """A video with captions and its text below."""

    consent_kind = "video"

    video = SnippetChooserBlock(
        "home.PublicVideo",
        label=_("Video"),
        help_text=_("Send it in under Snippets, Videos; it has captions and a transcript there."),
    )
    caption = blocks.CharBlock(
        label=_("Caption"), required=False, max_length=300, help_text=_("What is to be seen, in a sentence.")
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        video = value.get("video")
        if video is None:
            return context
        there = video.languages()
        own = _language() if _language() in there else next(iter(there), "")
        context["tracks"] = [
            {"language": code, "name": Language(code).label, "url": video.captions(code).url}
            for code in there
        ]
        context["own"] = own
        is_described = may_describe(context.get("page"), VIDEO, video)
        context["caption"] = value["caption"] if is_described else ""
        context["transcript"] = {"language": own, "words": video.transcript(own) if own else ""}
        return context

    class Meta:
        icon = "media"
        label = _("Video")
        help_text = _("Nothing plays by itself; the transcript stands folded below.")
        template = "home/blocks/video.html"


class BoxBlock(blocks.StructBlock):
    """A box beside the running text: facts at a glance, where to get help."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=90, help_text=_("What the box is about: “Where to get help”.")
    )
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN, help_text=_("Three lines, or a list."))

    class Meta:
        icon = "info-circle"
        label = _("Box")
        help_text = _("What must be seen even by those who do not read the text.")
        template = "home/blocks/box.html"


class CallBlock(ConsentMixin, blocks.StructBlock):
    """A call to action: one link, whose text says what happens."""

    consent_kind = "call"

    text = blocks.CharBlock(
        label=_("Why"), max_length=200, required=False, help_text=_("A sentence before the link.")
    )
    words = blocks.CharBlock(
        label=_("Words of the link"),
        max_length=60,
        help_text=_("What happens: “Write to your deputy”."),
    )
    page = blocks.PageChooserBlock(
        label=_("Page of this site"),
        required=False,
        help_text=_("Where the link leads. For another site use the field below."),
    )
    address = blocks.URLBlock(
        label=_("Or an address elsewhere"), required=False, help_text=_("One of the two, not both.")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["address"]):
            fault = ValidationError(_("Give a page of this site or an address: one of the two."))
            raise blocks.StructBlockValidationError(block_errors={"address": fault})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Call to act")
        help_text = _("One thing that a reader can do now, in a minute.")
        template = "home/blocks/call.html"


def organisations_to_name() -> list[tuple[str, str]]:
    """Return organisations that may be named in public. One query."""
    return [
        (str(one.uuid), display_name_for(PUBLIC, one, language=_language())) for one in public_organisations()
    ]


class OrganisationsBlock(blocks.StructBlock):
    """Organisations with their logos. An organisation that withdraws its name is removed at once."""

    heading = blocks.CharBlock(
        label=_("Heading"), max_length=90, help_text=_("What they do together: “Who helps in Almaty”.")
    )
    organisations = KeysBlock(
        label=_("Organisations"),
        choices=organisations_to_name,
        help_text=_("Only those that may be named in public are here to choose."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["cards"] = organisation_cards(_language(), set(value.get("organisations") or []))
        return context

    class Meta:
        icon = "group"
        label = _("Organisations")
        help_text = _("Their marks with links to their pages.")
        template = "home/blocks/organisations.html"


def offered() -> list[tuple[str, str]]:
    """Return facts that the newsroom may choose, by UUID, with their languages."""
    # Imported here, since the lists import these models.
    from home.sections import fact_choices

    return fact_choices(get_language() or "kk")


class FactBlock(KeyBlock):
    """The UUID of a fact. Its words come from the page's context (`home.sections.shown_on`)."""

    choices = staticmethod(offered)

    class Meta:
        icon = "check"
        label = _("Fact of the register")
        template = "home/blocks/fact.html"
        help_text = _(
            "Facts that their keepers opened to the public. The page follows the register: it shows what "
            "was checked last, and nothing once the fact is out of use."
        )

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["fact"] = context.get("shown_facts", {}).get(value)
        return context


def offered_lines() -> list[tuple[str, str]]:
    """Return public lines that the newsroom may choose, by UUID."""
    # Imported here, since the lists import these models.
    from home.sections import helpline_choices

    return helpline_choices()


class HelplineBlock(KeyBlock):
    """The UUID of a line. Its words come from the page's context (`home.sections.shown_on`)."""

    choices = staticmethod(offered_lines)

    class Meta:
        icon = "help"
        label = _("Helpline of the register")
        template = "home/blocks/helpline.html"
        help_text = _(
            "The page follows the register: name, numbers, hours and what is passed to the police, as they "
            "are published. Once the line is not public any more, only a link to the page of help is left."
        )

    def get_context(self, value: str, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["line"] = context.get("shown_helplines", {}).get(value)
        page = context.get("page")
        with override(page.locale.language_code if page is not None else get_language()):
            context["help_url"] = reverse("help")
        return context


LINKS_AND_STRESS = ["bold", "italic", "link", "ol", "ul", "h2", "h3"]


class QuoteBlock(blocks.StructBlock):
    """A quotation with its speaker."""

    words = blocks.TextBlock(label=_("Words"), help_text=_("Exactly what was said, without quotation marks."))
    speaker = blocks.CharBlock(
        label=_("Who said it"),
        required=False,
        help_text=_("The name that this person wants to be called by; empty if it must not be told."),
    )
    role = blocks.CharBlock(
        label=_("Role or organisation"),
        required=False,
        help_text=_(
            "Why this voice counts: “seamstress”, “lawyer”. Tell nothing that gives a survivor away."
        ),
    )

    class Meta:
        icon = "openquote"
        label = _("Quote")
        help_text = _("Only what somebody said and agreed to have published.")
        template = "home/blocks/quote.html"


class PictureBlock(ConsentMixin, blocks.StructBlock):
    """A picture with its caption."""

    consent_kind = "picture"

    image = ImageBlock(
        label=_("Picture"),
        help_text=_(
            "Describe what is to be seen for those who cannot see it; decoration needs no description."
        ),
    )
    caption = blocks.CharBlock(
        label=_("Caption"),
        required=False,
        help_text=_("What the picture does not say itself: who, where, when."),
    )
    credit = blocks.CharBlock(label=_("Credit"), help_text=_("Who made the picture."))

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the context with the words beside the picture. Under consent they are those of the picture:
        she agreed to no others, unless she agreed to the page."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        image = value.get("image")
        if image is None:
            return context
        if not may_describe(context.get("page"), IMAGE, image):
            return context | {"alt": image.alt, "caption": "", "credit": image.credit}
        alt = "" if image.decorative else image.contextual_alt_text or image.default_alt_text
        return context | {"alt": alt, "caption": value["caption"], "credit": value["credit"]}

    class Meta:
        icon = "image"
        label = _("Picture")
        help_text = _("Nobody is recognisable who has not agreed. Whatever you upload is public at once.")
        template = "home/blocks/picture.html"


class NumberBlock(blocks.StructBlock):
    """A number with what it counts, place and time, and its source."""

    numeral = blocks.CharBlock(
        label=_("Number"), max_length=12, help_text=_("The figure alone: “25”, “5 000”, “1 in 3”.")
    )
    sentence = blocks.CharBlock(
        label=_("What it counts"), help_text=_("One sentence that goes on from the number.")
    )
    scope = blocks.CharBlock(label=_("Where and when"), help_text=_("For example: Kazakhstan, 2014–2017."))
    source = blocks.CharBlock(label=_("Source"), help_text=_("Who published it, as of which year."))
    how_we_know = blocks.TextBlock(
        label=_("How do we know?"),
        required=False,
        help_text=_("How the source counted, and what the number does not say. Readers unfold it."),
    )
    link = blocks.URLBlock(
        label=_("Address of the source"),
        required=False,
        help_text=_("Where anybody can look it up, with https:// in front."),
    )

    class Meta:
        icon = "order"
        label = _("Number with its source")
        help_text = _("If the register has it, take the fact from there: it stays up to date by itself.")
        template = "home/blocks/number.html"


class StoryBlock(blocks.StreamBlock):
    """The body of a page."""

    text = blocks.RichTextBlock(
        label=_("Text"),
        features=LINKS_AND_STRESS,
        template="home/blocks/text.html",
        help_text=_("Running text. Short paragraphs; a heading every three or four of them."),
    )
    quote = QuoteBlock()
    picture = PictureBlock()
    number = NumberBlock()
    fact = FactBlock()
    helpline = HelplineBlock()
    video = VideoBlock()
    box = BoxBlock()
    call = CallBlock()
    organisations = OrganisationsBlock()
