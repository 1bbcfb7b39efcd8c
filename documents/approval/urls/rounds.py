"""Addresses of approvals and publications in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import (
    asking,
    attesting,
    carried,
    deciding,
    deciding_acts,
    names,
    organisation_logo,
    phases,
    publications,
    rounds,
    slips,
)

approval_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/rounds/", rounds.rounds, name="rounds"),
    path("drafts/<uuid:draft>/put/", rounds.put, name="put"),
    path("rounds/<uuid:round_uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:round_uuid>/renew/", rounds.renew_versions, name="renew"),
    path("rounds/<uuid:round_uuid>/close/", rounds.close, name="close_round"),
    path("rounds/<uuid:round_uuid>/publish/", publications.publish_round, name="publish"),
    path("rounds/<uuid:round_uuid>/decide/", deciding.decide, name="decide"),
    path("rounds/<uuid:round_uuid>/decide/<uuid:organisation>/", deciding.decide, name="decide_for"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/approve/",
        deciding_acts.approve_words,
        name="approve",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/changes/", deciding_acts.ask, name="ask_changes"
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/aside/",
        deciding_acts.stand_aside,
        name="stand_aside",
    ),
    path("drafts/<uuid:draft>/phases/", phases.phases, name="phases"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/silence/",
        asking.decline,
        name="decline_silence",
    ),
    path("rounds/<uuid:round_uuid>/slips/<str:language>/", slips.propose, name="propose_slip"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/slips/<uuid:slip>/confirm/",
        slips.confirm,
        name="confirm_slip",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/slips/<uuid:slip>/reopen/",
        slips.reopen_decision,
        name="reopen_slip",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/carried/reopen/",
        carried.reopen,
        name="reopen_carried",
    ),
    path("rounds/<uuid:round_uuid>/attest/<str:language>/", attesting.attest_page, name="attest"),
    path(
        "rounds/<uuid:round_uuid>/attestations/<uuid:attestation>/take-back/",
        attesting.take_back_page,
        name="take_back_attestation",
    ),
    path("rounds/<uuid:round_uuid>/pictures/<uuid:file>/", deciding.picture, name="round_picture"),
]

publication_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/publications/", publications.publications, name="publications"),
    path("publications/<uuid:publication>/", publications.publication_page, name="publication"),
    path("publications/<uuid:publication>/withdraw/", publications.withdraw_page, name="withdraw"),
    path("publications/<uuid:publication>/let-stand/", publications.let_it_stand, name="let_stand"),
    path("names/<uuid:organisation>/", names.names, name="names"),
    path("names/<uuid:organisation>/logo/", organisation_logo.logo, name="logo"),
    path("names/<uuid:organisation>/logo/image/", organisation_logo.image, name="logo_image"),
    path("names/<uuid:organisation>/<uuid:publication>/proof/", names.proof, name="proof"),
    path("names/<uuid:organisation>/<uuid:publication>/take-off/", names.take_off, name="take_name_off"),
]
