"""Blocks for the newsroom's pages; none can break the layout."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from home.models.fact_block import FactBlock
from home.models.helpline_block import HelplineBlock
from home.models.more_blocks import BoxBlock, CallBlock, OrganisationsBlock, VideoBlock

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


class PictureBlock(blocks.StructBlock):
    """A picture with its caption."""

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
