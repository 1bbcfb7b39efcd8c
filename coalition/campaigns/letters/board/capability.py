"""What the board of letter actions hands to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.letters.board.dashboard import answers_overdue
from coalition.campaigns.letters.board.queries import official_letters_reached
from coalition.campaigns.recipients.outreach import Outreach, register_outreach
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_outreach(
        Outreach(
            "official_letters",
            label=_("Official letters"),
            method=_("Letters of organisations with an outgoing number, entered by those who sent them."),
            reached=official_letters_reached,
            order=40,
        )
    )


LETTER_BOARD = Capability(
    name="letter_board",
    urls="coalition.campaigns.letters.board.urls",
    audit_actions={
        "letter_board.letter_recorded": _("An official letter was recorded"),
        "letter_board.letter_withdrawn": _("An official letter was withdrawn from the board"),
        "letter_board.answer_recorded": _("An answer to letters was recorded"),
        "letter_board.answer_withdrawn": _("An answer to letters was withdrawn from the board"),
        "letter_board.answer_published": _("An answer to letters was published"),
        "letter_board.answer_unpublished": _("An answer to letters was taken off the public board"),
        "letter_board.stance_recorded": _("It was recorded whether a recipient of letters agrees"),
        "letter_board.stance_withdrawn": _("It was withdrawn whether a recipient of letters agrees"),
        "letter_board.stance_published": _("It was published whether a recipient of letters agrees"),
        "letter_board.stance_unpublished": _(
            "Whether a recipient of letters agrees was taken off the public board"
        ),
        "letter_board.term_set": _("The term for answers to official letters was set"),
    },
    activities={
        "letter_answer_recorded": _("%(actor)s recorded an answer to the letters “%(title)s”."),
        "letter_answer_published": _("%(actor)s published an answer to the letters “%(title)s”."),
    },
    activity_links={"letter_board": "campaigns:letter_board"},
    seated=(answers_overdue,),
    connect=_connect,
)
