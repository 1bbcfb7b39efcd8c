"""Addresses of approval: `desk` in the members' area (namespace `documents`), `root` for who decides without
an account, `secretariat` for the table of whom to ask."""

from django.urls import URLPattern, URLResolver, path

from documents.approval.views import calls, decide, one_time_links, rounds
from documents.drafts.addresses import TEXT

_ASKED = "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/"

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}approved-words/", rounds.approved, name="approved_words"),
    path("<uuid:workspace>/rounds/", rounds.rounds, name="rounds"),
    path("drafts/<uuid:draft>/put/", rounds.put, name="put"),
    path("rounds/<uuid:round_uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:round_uuid>/renew/", rounds.renew_versions, name="renew"),
    path("rounds/<uuid:round_uuid>/close/", rounds.close, name="close_round"),
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
    path("rounds/<uuid:round_uuid>/links/", one_time_links.links, name="one_time_links"),
    path(
        "rounds/<uuid:round_uuid>/links/<uuid:link>/take-back/",
        one_time_links.take_back,
        name="one_time_take_back",
    ),
    path("rounds/<uuid:round_uuid>/calls/", calls.sheet, name="call_sheet"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:organisation>/", calls.call, name="call"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:call>/confirm/", calls.confirm, name="confirm_call"),
    path(f"{_ASKED}links/", one_time_links.links, name="one_time_links_for"),
    path(f"{_ASKED}links/<uuid:link>/take-back/", one_time_links.take_back, name="one_time_take_back_for"),
    path(f"{_ASKED}not-agreed/", decide.object_signed_in, name="object_to_decisions"),
]

root: list[URLPattern | URLResolver] = [
    path("once/<str:token>/", one_time_links.one_time, name="one_time"),
    path("once/<str:token>/pictures/<uuid:file>/", one_time_links.picture, name="one_time_picture"),
    path("decided/", one_time_links.done, name="one_time_done"),
    path("objection/<str:token>/", decide.objection, name="objection"),
    path("objected/", decide.done, name="objection_done"),
]

secretariat: list[URLPattern | URLResolver] = [
    path("asking/", calls.table, name="asking"),
    path("asking/groups/new/", calls.group, name="asking_group_new"),
    path("asking/groups/<uuid:group>/", calls.group, name="asking_group"),
    path("asking/groups/<uuid:group>/remove/", calls.remove, name="asking_group_remove"),
]
