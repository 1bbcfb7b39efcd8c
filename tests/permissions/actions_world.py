"""Recipients, asks, letters with their board and the regional plan in the world in which every secret has a
word; `paper_world.py` adds paper sheets, counts and postcards.

One of each that everybody reads, one that is only prepared, one of another workspace, and a file that was
limited to one organisation after it was used as evidence.
"""

import datetime
import io
from dataclasses import dataclass

from coalition.accounts.models import Listing, MembershipRole
from coalition.campaigns.asks.actions.manage import add_ask, remove_ask
from coalition.campaigns.asks.actions.steps import record_step, undo_step
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.actions.manage import LetterPlan, create_letter_action, open_letter_action
from coalition.campaigns.letters.board.actions import (
    AnswerContent,
    LetterContent,
    Recipient,
    StanceContent,
    publish_entry,
    record_answer,
    record_letter,
    record_stance,
    set_answer_term,
    withdraw_entry,
)
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.models import Answer, Appeal, Ask, AskStep, Body, LetterAction, Stance, Target
from coalition.campaigns.recipients.actions.bodies import add_body
from coalition.campaigns.recipients.actions.imports import apply_import, read_list
from coalition.campaigns.regional_plan.actions import make_commitment
from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import submit_for_approval
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.drafts.models import Handling, TextKind
from documents.files.actions import describe_file, upload_file
from documents.models import Publication, StoredFile
from documents.publication.actions import publish_approved
from tests.documents.conftest import body as body_of_text
from tests.permissions.world import EVERYONE, READERS, World

SLUG = "for-a-law"  # of everything that everybody reads
ALMATY = "KZ-75"
ADMITTED = frozenset({"admitted"})
NEIGHBOUR = frozenset({"neighbour"})
KNOWING = dict.fromkeys(("ask_limited", "limited_file"), "admitted")
KNOWING |= dict.fromkeys(("recipients_elsewhere", "ask_elsewhere", "plan_elsewhere"), "neighbour")


@dataclass
class Actions:
    """What letters, asks and cards share. `hidden_body`: to which nothing public goes.

    Files: `open_file` is part of what is public, `inside_file` of what is not; `limited_file` is part of what
    is public, and the admitted one's organisation alone reads it once `limit_file` was called.
    """

    made: World
    appeal: Appeal
    letter: Publication
    body: Body
    hidden_body: Body
    open_file: StoredFile
    inside_file: StoredFile
    limited_file: StoredFile

    @property
    def access(self) -> Access:
        """The coordinator's."""
        return access_to(self.made.people["coordinator"], self.made.workspace.uuid)

    @property
    def target(self) -> Target:
        return self.body.targets.get()


def add_actions(made: World) -> Actions:
    """After the appeal. Call `limit_file` once everything that uses the file is made."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    admitted = access_to(made.people["admitted"], made.workspace.uuid)
    actions = Actions(
        made,
        Appeal.objects.get(uuid=made.things["appeal"]["appeal"]),
        _letter(made, access),
        _body(made, access, "recipients", "recipients", EVERYONE),
        _body(made, access, "recipientshidden", "recipients_proposed", READERS, applied=False),
        _file(made, access, "open", READERS, EVERYONE),
        _file(made, access, "inside", READERS, READERS),
        _file(made, admitted, "limited", ADMITTED, ADMITTED),
    )
    _asks(actions)
    _letters(actions)
    _plan(actions)
    _elsewhere(made)
    return actions


def limit_file(actions: Actions) -> None:
    """Its organisation alone reads the file from now on, whatever it was used for before."""
    describe_file(
        access=access_to(actions.made.people["admitted"], actions.made.workspace.uuid),
        file=actions.limited_file,
        alt="",
        caption="",
        credit="",
        handling=Handling.ORGANISATION,
    )


def _file(made: World, access: Access, which: str, readers: object, content: object) -> StoredFile:
    """A file of the workspace; `readers`: of its name, `content`: of what stands in it."""
    written = f"No.;{made.canary(f'{which}file', 'content', content)}".encode()
    name = made.canary(f"{which}file", "name", readers) + ".csv"
    file = upload_file(access=access, content=io.BytesIO(written), size=len(written), name=name)
    made.things[f"{which}_file"] = {"file": file.uuid, "slug": SLUG}
    return file


def _letter(made: World, access: Access) -> Publication:
    """Publish a letter, whose paragraphs people can take."""
    draft = create_draft(
        access=access, title=made.canary("letter", "drafttitle", READERS), kind=TextKind.DEPUTY_LETTER
    )
    text = draft.texts.select_related("draft").get(language="kk")
    words = {what: made.canary("letter", what, EVERYONE) for what in ("title", "lead")}
    save_text(access=access, text=text, **words, body=body_of_text(made.canary("letter", "body", EVERYONE)))
    text.refresh_from_db()
    organisation = access.organisation
    round_ = submit_for_approval(
        access=access,
        draft=draft,
        versions=[name_version(access=access, text=text, name="As agreed")],
        organisations=[organisation],
        deadline=now() + datetime.timedelta(days=2),
        acknowledged=True,
    )
    hashes = {one.language: one.version.hash for one in round_.texts.select_related("version")}
    person = organisation.memberships.filter(role=MembershipRole.REPRESENTATIVE).first().person
    approve(round_=round_, organisation=organisation, hashes=hashes, person=person)
    return publish_approved(access=access, round_=round_)


def _body(
    made: World, access: Access, which: str, state: str, readers: frozenset[str], *, applied: bool = True
) -> Body:
    """A body with a list of its people, applied or to be reviewed. Where a list is from and how the file was
    called is for those who see drafts."""
    inside = READERS if readers == EVERYONE else readers
    body = add_body(
        access=access,
        kind="parliament",
        name={"kk": made.canary(which, "body", readers)},
        email=made.canary(which, "bodymail", inside) + "@tests.example",
        address={"kk": made.canary(which, "bodyaddress", inside)},
    )
    person = [made.canary(which, what, readers) for what in ("name", "position", "committee", "list")]
    mail = made.canary(which, "mail", readers) + "@tests.example"
    row = read_list(
        access=access,
        body=body,
        name=made.canary(which, "listname", inside) + ".csv",
        content=f"id;name;position;committee;list;e-mail\n1;{';'.join(person)};{mail}".encode(),
        source=made.canary(which, "source", inside),
        as_of=site_today(),
        language="kk",
    )
    made.things[state] = {"workspace": access.workspace.uuid, "body": body.uuid, "target_import": row.uuid}
    if applied:
        apply_import(access=access, target_import=row)
        made.things[state]["target"] = body.targets.get().uuid
    return body


def _asks(actions: Actions) -> None:
    made = actions.made
    public = _ask(actions, "public", EVERYONE, actions.appeal)
    step = _step(actions, public, "public", EVERYONE, AskStatus.TAKEN_UP, actions.open_file)
    _step(actions, public, "undone", READERS, AskStatus.DRAFT_LAW)
    undo_step(access=actions.access, ask=public)
    _thing(made, "ask_public", ask=public.uuid, step=step.uuid, slug=SLUG)
    hidden = _ask(actions, "hidden", READERS, None)
    hidden_step = _step(actions, hidden, "hidden", READERS, AskStatus.TAKEN_UP, actions.inside_file)
    _thing(made, "ask_hidden", ask=hidden.uuid, step=hidden_step.uuid, slug=SLUG)
    removed = _ask(actions, "removed", READERS, actions.appeal)
    remove_ask(access=actions.access, ask=removed)
    _thing(made, "ask_removed", ask=removed.uuid)
    limited = _ask(actions, "limited", EVERYONE, actions.appeal)
    limited_step = _step(actions, limited, "limited", EVERYONE, AskStatus.TAKEN_UP, actions.limited_file)
    _thing(made, "ask_limited", ask=limited.uuid, step=limited_step.uuid, slug=SLUG)


def _ask(actions: Actions, which: str, readers: object, appeal: Appeal | None) -> Ask:
    words, clause = (
        {"kk": actions.made.canary(f"ask{which}", what, readers)} for what in ("words", "clause")
    )
    return add_ask(access=actions.access, words=words, clause=clause, appeal=appeal, proposed_on=site_today())


def _step(
    actions: Actions,
    ask: Ask,
    which: str,
    readers: object,
    status: AskStatus,
    evidence: StoredFile | None = None,
) -> AskStep:
    words, url = (actions.made.canary(f"ask{which}", what, readers) for what in ("step", "url"))
    return record_step(
        access=actions.access,
        ask=ask,
        status=status,
        on=site_today(),
        words={"kk": words},
        evidence_url=f"https://tests.example/{url}",
        evidence_file=evidence,
    )


def _letters(actions: Actions) -> None:
    made, access = actions.made, actions.access
    prepared = create_letter_action(access=access, plan=_letter_plan(actions, "prepared", READERS))
    made.things["letters_prepared"] = {"action": prepared.uuid}
    action = create_letter_action(access=access, plan=_letter_plan(actions, "opened", EVERYONE))
    action = open_letter_action(access=access, action=action)
    made.things["letters"] = {"action": action.uuid, "slug": action.slug}
    _official_letter(actions, action)
    files = {"published": actions.open_file, "limited": actions.limited_file}
    for which, publish in (("published", True), ("recorded", False), ("withdrawn", True), ("limited", True)):
        readers = EVERYONE if which in {"published", "limited"} else READERS
        file = files.get(which, actions.inside_file)
        for part, record in (("answer", _answer), ("stance", _stance)):
            about = part + which
            entry = record(actions, action, about, readers, file)
            if publish:
                publish_entry(access=access, entry=entry)
            if which == "withdrawn":
                reason = made.canary(about, "reason", READERS)
                withdraw_entry(access=access, entry=entry, reason=reason)
            _thing(made, f"{part}_{which}", action=action.uuid, entry=entry.uuid, slug=SLUG)


def _letter_plan(actions: Actions, which: str, readers: object) -> LetterPlan:
    """The address of the one that is only prepared is a secret too."""
    made = actions.made
    name, needs, url = (made.canary(f"letters{which}", what, readers) for what in ("service", "needs", "url"))
    return LetterPlan(
        publication=actions.letter,
        slug=SLUG if which == "opened" else made.canary(f"letters{which}", "slug", readers),
        bodies=[actions.body],
        appeal=actions.appeal,
        service_url=f"https://tests.example/{url}",
        service_name={"kk": name},
        service_needs={"kk": needs},
        service_checked_on=site_today(),
    )


def _official_letter(actions: Actions, action: LetterAction) -> None:
    made, access = actions.made, actions.access
    number, note = (made.canary("officialletter", what, READERS) for what in ("number", "note"))
    row = record_letter(
        access=access,
        action=action,
        recipient=Recipient(actions.body, actions.target),
        content=LetterContent(number, site_today(), note, actions.inside_file),
    )
    law = made.canary("officialletter", "law", READERS)
    set_answer_term(access=access, action=action, working_days=5, source=law)
    _thing(made, "official_letter", action=action.uuid, entry=row.uuid)


def _answer(actions: Actions, action: LetterAction, about: str, readers: object, file: StoredFile) -> Answer:
    words, number, url = (actions.made.canary(about, what, readers) for what in ("words", "number", "url"))
    content = AnswerContent(
        kind=AnswerKind.ANSWER,
        on=site_today(),
        incoming_number=number,
        words={"kk": words},
        url=f"https://tests.example/{url}",
        file=file,
    )
    recipient = Recipient(actions.body, actions.target)
    return record_answer(access=actions.access, action=action, recipient=recipient, content=content)


def _stance(actions: Actions, action: LetterAction, about: str, readers: object, file: StoredFile) -> Stance:
    words, url = (actions.made.canary(about, what, readers) for what in ("words", "url"))
    content = StanceContent(
        agrees=True, on=site_today(), words={"kk": words}, url=f"https://tests.example/{url}", file=file
    )
    return record_stance(access=actions.access, action=action, target=actions.target, content=content)


def _plan(actions: Actions) -> None:
    """Promises of the coordinator's organisation, and of those that few know, each with a person to ask."""
    made = actions.made
    for which in ("coordinator", Listing.WITHHELD.value, Listing.CONFIDENTIAL.value):
        _promise(made, access=actions.access, state=f"plan_{which}", which=which, readers=READERS)


def _promise(made: World, *, access: Access, state: str, which: str, readers: object) -> None:
    person = made.people[which]
    row = make_commitment(
        access=access,
        region=ALMATY,
        action="postcards",
        organisation=person.memberships.get().organisation,
        promised=500,
        due_on=site_today(),
        contact=person,
        note=made.canary(f"plan{which}", "note", readers),
    )
    made.things[state] = {"workspace": access.workspace.uuid, "commitment": row.uuid}


def _elsewhere(made: World) -> None:
    """The same in another workspace, of which nobody here may read a word."""
    access = access_to(made.people["neighbour"], made.elsewhere.uuid)
    _body(made, access, "recipientselsewhere", "recipients_elsewhere", NEIGHBOUR)
    ask = add_ask(
        access=access,
        words={"kk": made.canary("askelsewhere", "words", NEIGHBOUR)},
        proposed_on=site_today(),
    )
    made.things["ask_elsewhere"] = {"workspace": made.elsewhere.uuid, "ask": ask.uuid}
    _promise(made, access=access, state="plan_elsewhere", which="neighbour", readers=NEIGHBOUR)


def _thing(made: World, state: str, **known: object) -> None:
    """Remember what fills addresses of the workspace."""
    made.things[state] = {"workspace": made.workspace.uuid, **known}
