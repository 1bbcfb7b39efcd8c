"""Addresses of the board of a letter action."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.letters.board.views import desk as desk_views, desk_entries, public as public_views

_BOARD = "letters/<uuid:action>/board/"
_PUBLIC = "write/<slug:slug>/board/"
_PARTS = {"answers": "answers", "letters": "official-letters", "stances": "stances"}

desk: list[URLPattern | URLResolver] = [
    path(_BOARD, desk_views.board, name="letter_board"),
    path(f"{_BOARD}recipients.csv", desk_views.recipients_table, name="letter_board_recipients_csv"),
    path(f"{_BOARD}organisations.csv", desk_views.organisations_table, name="letter_board_organisations_csv"),
    path(f"{_BOARD}answers/", desk_entries.answers, name="letter_board_answers"),
    path(f"{_BOARD}official-letters/", desk_entries.official_letters, name="letter_board_letters"),
    path(f"{_BOARD}official-letters/term/", desk_entries.term, name="letter_board_term"),
    path(f"{_BOARD}stances/", desk_entries.stances, name="letter_board_stances"),
    *[
        path(
            f"{_BOARD}{part}/<uuid:entry>/withdraw/",
            desk_entries.withdraw,
            {"kind": kind},
            name=f"letter_board_{kind}_withdraw",
        )
        for kind, part in _PARTS.items()
    ],
    *[
        path(
            f"{_BOARD}{kind}/<uuid:entry>/publish/",
            desk_entries.publish,
            {"kind": kind},
            name=f"letter_board_{kind}_publish",
        )
        for kind in ("answers", "stances")
    ],
]
public: list[URLPattern | URLResolver] = [
    path(_PUBLIC, public_views.board, name="write_board"),
    *[
        path(
            f"{_PUBLIC}{part}s/<uuid:entry>/file/",
            public_views.public_file,
            {"part": part},
            name=f"write_board_{part}_file",
        )
        for part in public_views.FILES
    ],
]
root: list[URLPattern | URLResolver] = []
