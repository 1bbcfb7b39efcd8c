"""Addresses of the table of whom to ask, for the secretariat."""

from django.urls import URLPattern, URLResolver, path

from documents.approval.views import calls, decide, one_time_links, rounds
from documents.gaps import views as gaps_views
from documents.publication import views as publication_views
from documents.quotations import views as quotations_views

asking_patterns: list[URLPattern | URLResolver] = [
    path("asking/", calls.table, name="asking"),
    path("asking/groups/new/", calls.group, name="asking_group_new"),
    path("asking/groups/<uuid:group>/", calls.group, name="asking_group"),
    path("asking/groups/<uuid:group>/remove/", calls.remove, name="asking_group_remove"),
]


# --- offline ---
# Ways to decide otherwise than in the members' area: `urls` below the site's root, `desk` in that area.


_ASKED = "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/"

urls: list[URLPattern | URLResolver] = [
    path("once/<str:token>/", one_time_links.one_time, name="one_time"),
    path("once/<str:token>/pictures/<uuid:file>/", one_time_links.picture, name="one_time_picture"),
    path("decided/", one_time_links.done, name="one_time_done"),
    path("quotation/<str:token>/", quotations_views.quotation, name="quotation"),
    path("quotation-answered/", quotations_views.done, name="quotation_done"),
    path("objection/<str:token>/", decide.objection, name="objection"),
    path("objected/", decide.done, name="objection_done"),
]
desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/links/", one_time_links.links, name="one_time_links"),
    path(
        "rounds/<uuid:round_uuid>/links/<uuid:link>/take-back/",
        one_time_links.take_back,
        name="one_time_take_back",
    ),
    path("drafts/<uuid:draft>/quotations/", quotations_views.quotations, name="quotations"),
    path("rounds/<uuid:round_uuid>/fill/", gaps_views.fill, name="fill_gaps"),
    path("rounds/<uuid:round_uuid>/calls/", calls.sheet, name="call_sheet"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:organisation>/", calls.call, name="call"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:call>/confirm/", calls.confirm, name="confirm_call"),
    path(f"{_ASKED}links/", one_time_links.links, name="one_time_links_for"),
    path(f"{_ASKED}links/<uuid:link>/take-back/", one_time_links.take_back, name="one_time_take_back_for"),
    path(f"{_ASKED}not-agreed/", decide.object_signed_in, name="object_to_decisions"),
]


# --- rounds ---
# Addresses of approvals and publications in the members' area; part of the namespace `documents`.


approval_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/rounds/", rounds.rounds, name="rounds"),
    path("drafts/<uuid:draft>/put/", rounds.put, name="put"),
    path("rounds/<uuid:round_uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:round_uuid>/renew/", rounds.renew_versions, name="renew"),
    path("rounds/<uuid:round_uuid>/close/", rounds.close, name="close_round"),
    path("rounds/<uuid:round_uuid>/publish/", publication_views.publish_round, name="publish"),
    path("rounds/<uuid:round_uuid>/decide/", decide.decide, name="decide"),
    path("rounds/<uuid:round_uuid>/decide/<uuid:organisation>/", decide.decide, name="decide_for"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/approve/",
        decide.approve_words,
        name="approve",
    ),
    path("rounds/<uuid:round_uuid>/decide/<uuid:organisation>/changes/", decide.ask, name="ask_changes"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/aside/",
        decide.stand_aside,
        name="stand_aside",
    ),
    path("drafts/<uuid:draft>/phases/", rounds.phases, name="phases"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/silence/",
        calls.decline,
        name="decline_silence",
    ),
    path("rounds/<uuid:round_uuid>/slips/<str:language>/", decide.propose, name="propose_slip"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/slips/<uuid:slip>/confirm/",
        decide.confirm,
        name="confirm_slip",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/slips/<uuid:slip>/reopen/",
        decide.reopen_decision,
        name="reopen_slip",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/carried/reopen/",
        rounds.reopen,
        name="reopen_carried",
    ),
    path("rounds/<uuid:round_uuid>/attest/<str:language>/", calls.attest_page, name="attest"),
    path(
        "rounds/<uuid:round_uuid>/attestations/<uuid:attestation>/take-back/",
        calls.take_back_page,
        name="take_back_attestation",
    ),
    path("rounds/<uuid:round_uuid>/pictures/<uuid:file>/", decide.picture, name="round_picture"),
]

publication_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/publications/", publication_views.publications, name="publications"),
    path("publications/<uuid:publication>/", publication_views.publication_page, name="publication"),
    path("publications/<uuid:publication>/withdraw/", publication_views.withdraw_page, name="withdraw"),
    path("publications/<uuid:publication>/let-stand/", publication_views.let_it_stand, name="let_stand"),
    path("names/<uuid:organisation>/", publication_views.names, name="names"),
    path("names/<uuid:organisation>/logo/", publication_views.logo, name="logo"),
    path("names/<uuid:organisation>/logo/image/", publication_views.image, name="logo_image"),
    path("names/<uuid:organisation>/<uuid:publication>/proof/", publication_views.proof, name="proof"),
    path(
        "names/<uuid:organisation>/<uuid:publication>/take-off/",
        publication_views.take_off,
        name="take_name_off",
    ),
]
