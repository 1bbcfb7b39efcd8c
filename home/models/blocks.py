"""What the newsroom may put on a page: blocks that cannot break it."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from home.models.fact_block import FactBlock
from home.models.more_blocks import BoxBlock, CallBlock, OrganisationsBlock, VideoBlock

LINKS_AND_STRESS = ["bold", "italic", "link", "ol", "ul", "h2", "h3"]


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, with who said them."""

    words = blocks.TextBlock(label=_("Words"), help_text=_("Exactly what was said, without quotation marks."))
    speaker = blocks.CharBlock(label=_("Who said it"), required=False)
    role = blocks.CharBlock(label=_("Role or organisation"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "home/blocks/quote.html"


class PictureBlock(blocks.StructBlock):
    """A picture with its words."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False)
    credit = blocks.CharBlock(label=_("Credit"), help_text=_("Who made the picture."))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "home/blocks/picture.html"


class NumberBlock(blocks.StructBlock):
    """A number never stands alone: what it counts, where and when, and who says so."""

    numeral = blocks.CharBlock(label=_("Number"), max_length=12)
    sentence = blocks.CharBlock(
        label=_("What it counts"), help_text=_("One sentence that goes on from the number.")
    )
    scope = blocks.CharBlock(label=_("Where and when"), help_text=_("For example: Kazakhstan, 2014–2017."))
    source = blocks.CharBlock(label=_("Source"), help_text=_("Who published it, as of which year."))
    how_we_know = blocks.TextBlock(label=_("How do we know?"), required=False)
    link = blocks.URLBlock(label=_("Address of the source"), required=False)

    class Meta:
        icon = "order"
        label = _("Number with its source")
        template = "home/blocks/number.html"


class StoryBlock(blocks.StreamBlock):
    """The body of a page."""

    text = blocks.RichTextBlock(label=_("Text"), features=LINKS_AND_STRESS, template="home/blocks/text.html")
    quote = QuoteBlock()
    picture = PictureBlock()
    number = NumberBlock()
    fact = FactBlock()
    video = VideoBlock()
    box = BoxBlock()
    call = CallBlock()
    organisations = OrganisationsBlock()
