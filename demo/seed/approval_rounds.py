"""Rounds of approval and publications: who was asked, who decided what and when."""

import datetime
from dataclasses import dataclass
from functools import partial

from demo.load import Demo, Record
from demo.seed.drafts import Desk
from demo.seed.history import History
from demo.seed.offline_approvals import approve_by_link, approve_by_phone
from demo.seed.workspaces import acting
from documents.approval.actions.approve import approve, ask_changes, note_reading
from documents.approval.actions.open_round import put_to_approval
from documents.drafts.enums import Rule
from documents.models import ApprovalRound
from documents.publication.actions.publish import publish
from documents.quotations.actions import record_consent
from documents.quotations.queries import quotations_in


@dataclass
class Put:
    """One round of a draft while its history is told."""

    desk: Desk
    record: Record
    round: ApprovalRound | None = None

    @property
    def opened(self) -> ApprovalRound:
        if self.round is None:
            raise LookupError(self.desk.record["id"])
        return self.round


def plan_round(desk: Desk, demo: Demo, history: History) -> None:
    """Add the draft's round, its publication and its correction to the history, if it has any."""
    if "round" in desk.record:
        put = _plan(Put(desk, desk.record["round"]), demo, history)
        if publication := desk.record.get("publication"):
            history.add(publication["days_ago"], partial(_publish, put, publication["by"]))
    if correction := desk.record.get("correction"):
        put = _plan(Put(desk, correction["round"]), demo, history)
        by, note = correction["published_by"], correction["note"]
        history.add(correction["published_days_ago"], partial(_publish, put, by, note))


def _plan(put: Put, demo: Demo, history: History) -> Put:
    asked = put.record
    history.add(asked["opened_days_ago"], partial(_open, put, _deadline(asked, history)))
    for decision in asked.get("decisions") or _everyone_approves(asked, demo):
        history.add(decision["days_ago"], partial(_decide, put, decision))
    return put


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


def _open(put: Put, deadline: datetime.datetime) -> None:
    desk, asked = put.desk, put.record
    put.round = put_to_approval(
        access=acting(desk.cast.people[asked["opened_by"]], desk.workspace),
        draft=desk.begun,
        versions=[desk.versions[language, number] for language, number in asked["put"].items()],
        organisations=[desk.cast.organisations[one] for one in asked["organisations"]],
        deadline=deadline,
        message=asked["message"],
        rule=Rule(asked.get("rule", Rule.ALL)),
        acknowledged=True,  # the checklist finds that they do not say where help is
    )
    _speakers_approve(put)


def _speakers_approve(put: Put) -> None:
    """Whoever is quoted said in a call that these are their words."""
    desk = put.desk
    access = acting(desk.cast.people[put.record["opened_by"]], desk.workspace)
    for asked in quotations_in(desk.begun):
        record_consent(access=access, draft=desk.begun, digest=asked.said.digest, how="Қоңырау арқылы")


def _decide(put: Put, decision: Record) -> None:
    """As on the desk: the person opens each language, then decides."""
    desk, round_ = put.desk, put.opened
    person = desk.cast.people[decision["by"]]
    organisation = desk.cast.organisations[decision["organisation"]]
    numbers = put.record["put"]
    hashes = {language: desk.versions[language, numbers[language]].hash for language in decision["languages"]}
    if "by_phone" in decision:
        approve_by_phone(desk, round_, decision)
        return
    if "by_link" in decision:
        approve_by_link(desk, round_, decision, hashes)
        return
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


def _publish(put: Put, by: str, note: str = "") -> None:
    access = acting(put.desk.cast.people[by], put.desk.workspace)
    publish(access=access, round_=put.opened, correction_note=note)
