"""Approval rounds and publications: who was asked, who decided what and when."""

import datetime
from dataclasses import dataclass
from functools import partial

from demo.load import Demo, Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.offline_approvals import approve_by_link, approve_by_phone
from demo.seed.workspaces import access_of
from documents.approval.actions.decide import approve, ask_changes, note_reading
from documents.approval.actions.open_round import submit_for_approval
from documents.drafts.models import ApprovalRule
from documents.models import ApprovalRound
from documents.publication.actions import publish_approved
from documents.quotations.actions import record_consent
from documents.quotations.queries import quotations_in


@dataclass
class RoundPlan:
    """One round of a draft with the row seeded for it."""

    draft: DraftPlan
    record: Record
    round: ApprovalRound | None = None

    @property
    def opened(self) -> ApprovalRound:
        if self.round is None:
            raise LookupError(self.draft.record["id"])
        return self.round


def plan_round(draft: DraftPlan, demo: Demo, history: History) -> None:
    """Plan the draft's round, its publication and its correction, if it has any."""
    if "round" in draft.record:
        plan = _plan(RoundPlan(draft, draft.record["round"]), demo, history)
        if publication := draft.record.get("publication"):
            history.add(publication["days_ago"], partial(_publish, plan, publication["by"]))
    if correction := draft.record.get("correction"):
        plan = _plan(RoundPlan(draft, correction["round"]), demo, history)
        by, note = correction["published_by"], correction["note"]
        history.add(correction["published_days_ago"], partial(_publish, plan, by, note))


def _plan(plan: RoundPlan, demo: Demo, history: History) -> RoundPlan:
    asked = plan.record
    history.add(asked["opened_days_ago"], partial(_open, plan, _deadline(asked, history)))
    for decision in asked.get("decisions") or _everyone_approves(asked, demo):
        history.add(decision["days_ago"], partial(_decide, plan, decision))
    return plan


def _deadline(asked: Record, history: History) -> datetime.datetime:
    if "deadline_in_days" in asked:
        return history.day(-asked["deadline_in_days"])
    return history.day(asked["deadline_days_ago"])


def _everyone_approves(asked: Record, demo: Demo) -> list[Record]:
    """Return an approval of every language by each representative, spread over the days of the round."""
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


def _open(plan: RoundPlan, deadline: datetime.datetime) -> None:
    draft, asked = plan.draft, plan.record
    plan.round = submit_for_approval(
        access=access_of(draft.accounts.people[asked["opened_by"]], draft.workspace),
        draft=draft.row,
        versions=[draft.versions[language, number] for language, number in asked["put"].items()],
        organisations=[draft.accounts.organisations[one] for one in asked["organisations"]],
        deadline=deadline,
        message=asked["message"],
        rule=ApprovalRule(asked.get("rule", ApprovalRule.ALL)),
        acknowledged=True,  # the checklist finds that they do not say where help is
    )
    _speakers_approve(plan)


def _speakers_approve(plan: RoundPlan) -> None:
    """Record that each quoted person confirmed their words by phone."""
    draft = plan.draft
    access = access_of(draft.accounts.people[plan.record["opened_by"]], draft.workspace)
    for asked in quotations_in(draft.row):
        record_consent(access=access, draft=draft.row, digest=asked.statement.digest, how="Қоңырау арқылы")


def _decide(plan: RoundPlan, decision: Record) -> None:
    """Open each language, then decide, as the person does in the workspace."""
    draft, round_ = plan.draft, plan.opened
    person = draft.accounts.people[decision["by"]]
    organisation = draft.accounts.organisations[decision["organisation"]]
    numbers = plan.record["put"]
    hashes = {
        language: draft.versions[language, numbers[language]].hash for language in decision["languages"]
    }
    if "by_phone" in decision:
        approve_by_phone(draft, round_, decision)
        return
    if "by_link" in decision:
        approve_by_link(draft, round_, decision, hashes)
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


def _publish(plan: RoundPlan, by: str, note: str = "") -> None:
    access = access_of(plan.draft.accounts.people[by], plan.draft.workspace)
    publish_approved(access=access, round_=plan.opened, correction_note=note)
