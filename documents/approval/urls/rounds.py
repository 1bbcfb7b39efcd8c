"""Addresses of approvals and publications in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.approval.views import (
    approvers,
    attestations,
    decide,
    decide_actions,
    inherited,
    phases,
    rounds,
    typo_fixes,
)
from documents.publication.views import desk as publication_desk_views
from documents.publication.views import logo, names

approval_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/rounds/", rounds.rounds, name="rounds"),
    path("drafts/<uuid:draft>/put/", rounds.put, name="put"),
    path("rounds/<uuid:round_uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:round_uuid>/renew/", rounds.renew_versions, name="renew"),
    path("rounds/<uuid:round_uuid>/close/", rounds.close, name="close_round"),
    path("rounds/<uuid:round_uuid>/publish/", publication_desk_views.publish_round, name="publish"),
    path("rounds/<uuid:round_uuid>/decide/", decide.decide, name="decide"),
    path("rounds/<uuid:round_uuid>/decide/<uuid:organisation>/", decide.decide, name="decide_for"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/approve/",
        decide_actions.approve_words,
        name="approve",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/changes/", decide_actions.ask, name="ask_changes"
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/aside/",
        decide_actions.stand_aside,
        name="stand_aside",
    ),
    path("drafts/<uuid:draft>/phases/", phases.phases, name="phases"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/silence/",
        approvers.decline,
        name="decline_silence",
    ),
    path("rounds/<uuid:round_uuid>/slips/<str:language>/", typo_fixes.propose, name="propose_slip"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/slips/<uuid:slip>/confirm/",
        typo_fixes.confirm,
        name="confirm_slip",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/slips/<uuid:slip>/reopen/",
        typo_fixes.reopen_decision,
        name="reopen_slip",
    ),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/carried/reopen/",
        inherited.reopen,
        name="reopen_carried",
    ),
    path("rounds/<uuid:round_uuid>/attest/<str:language>/", attestations.attest_page, name="attest"),
    path(
        "rounds/<uuid:round_uuid>/attestations/<uuid:attestation>/take-back/",
        attestations.take_back_page,
        name="take_back_attestation",
    ),
    path("rounds/<uuid:round_uuid>/pictures/<uuid:file>/", decide.picture, name="round_picture"),
]

publication_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/publications/", publication_desk_views.publications, name="publications"),
    path("publications/<uuid:publication>/", publication_desk_views.publication_page, name="publication"),
    path("publications/<uuid:publication>/withdraw/", publication_desk_views.withdraw_page, name="withdraw"),
    path("publications/<uuid:publication>/let-stand/", publication_desk_views.let_it_stand, name="let_stand"),
    path("names/<uuid:organisation>/", names.names, name="names"),
    path("names/<uuid:organisation>/logo/", logo.logo, name="logo"),
    path("names/<uuid:organisation>/logo/image/", logo.image, name="logo_image"),
    path("names/<uuid:organisation>/<uuid:publication>/proof/", names.proof, name="proof"),
    path("names/<uuid:organisation>/<uuid:publication>/take-off/", names.take_off, name="take_name_off"),
]
