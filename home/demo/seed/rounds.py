"""Rounds of approval and publications: who was asked, who decided what and when."""

import datetime
from functools import partial

from documents.domain.approve import approve, ask_changes, note_reading
from documents.domain.publish import publish
from documents.domain.put_to_approval import put_to_approval
from documents.models import ApprovalRound
from home.demo.load import Demo, Record
from home.demo.seed.history import History
from home.demo.seed.rooms import acting
from home.demo.seed.texts import Desk


def plan_round(desk: Desk, demo: Demo, history: History) -> None:
    """Add the draft's round, its decisions and its publication to the history, if it has any."""
    asked = desk.record.get("round")
    if not asked:
        return
    history.add(asked["opened_days_ago"], partial(_open, desk, _deadline(asked, history)))
    for decision in asked.get("decisions") or _everyone_approves(asked, demo):
        history.add(decision["days_ago"], partial(_decide, desk, decision))
    publication = desk.record.get("publication")
    if publication:
        history.add(publication["days_ago"], partial(_publish, desk, publication["by"]))


def _deadline(asked: Record, history: History) -> datetime.datetime:
    if "deadline_in_days" in asked:
        return history.day(-asked["deadline_in_days"])
    return history.day(asked["deadline_days_ago"])


def _everyone_approves(asked: Record, demo: Demo) -> list[Record]:
    """Each representative approves every language, spread over the days of the round."""
    opened, closes = asked["opened_days_ago"], asked["deadline_days_ago"]
    return [
        {
            "organisation": organisation,
            "by": demo.representative_of(organisation)["email"],
            "languages": list(asked["put"]),
            "decision": "approved",
            "days_ago": opened - 1 - place % (opened - closes),
        }
        for place, organisation in enumerate(asked["organisations"])
    ]


def _open(desk: Desk, deadline: datetime.datetime) -> None:
    asked = desk.record["round"]
    put_to_approval(
        access=acting(desk.cast.people[asked["opened_by"]], desk.workspace),
        draft=desk.begun,
        versions=[desk.versions[language, number] for language, number in asked["put"].items()],
        organisations=[desk.cast.organisations[one] for one in asked["organisations"]],
        deadline=deadline,
        message=asked["message"],
    )


def _round(desk: Desk) -> ApprovalRound:
    return ApprovalRound.objects.get(draft=desk.begun)


def _decide(desk: Desk, decision: Record) -> None:
    """As on the desk: the person opens each language, then decides."""
    round_, person = _round(desk), desk.cast.people[decision["by"]]
    organisation = desk.cast.organisations[decision["organisation"]]
    put = desk.record["round"]["put"]
    hashes = {language: desk.versions[language, put[language]].hash for language in decision["languages"]}
    for language in hashes:
        note_reading(round_=round_, organisation=organisation, language=language, person=person)
    if decision["decision"] == "approved":
        approve(round_=round_, organisation=organisation, hashes=hashes, person=person)
    elif decision["decision"] == "changes":
        for language, digest in hashes.items():
            ask_changes(
                round_=round_,
                organisation=organisation,
                language=language,
                digest=digest,
                reason=decision["reason"],
                person=person,
            )


def _publish(desk: Desk, by: str) -> None:
    publish(access=acting(desk.cast.people[by], desk.workspace), round_=_round(desk))
