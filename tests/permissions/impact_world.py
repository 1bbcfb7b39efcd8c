"""Figures in the world in which every secret has a word.

A grant held by the admitted one's organisation, with a donor and a link; figures and changes of it by an
organisation that is public, one whose name is withheld and one that is confidential; a frozen report.
"""

import datetime

from coalition.accounts.models import Language, Listing, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import (
    ChangeContent,
    Evidence,
    FigureContent,
    add_measure,
    declare_figure,
    record_change,
)
from coalition.campaigns.impact.actions.grants import add_grant, give_link, token_of
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.enums import Rung
from coalition.campaigns.models import Grant, Measure
from coalition.workspaces.permissions import access_to
from tests.permissions.world import READERS, World

HOLDERS = frozenset({"coordinator", "admitted"})  # who see the grant
NAMED, WITHHELD, CONFIDENTIAL = "impactnamed", Listing.WITHHELD.value, Listing.CONFIDENTIAL.value
# Who may read what an organisation declared: who may read its name.
READ_BY = {NAMED: READERS, WITHHELD: READERS, CONFIDENTIAL: frozenset({"coordinator"})}
FIGURE = ("scope", "source", "method", "baseline_words")
CHANGE = ("change", "contribution", "others", "confirmed_by")


def add_impact(made: World) -> None:
    """Everything, declared by the coordinator."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    holder = access_to(made.people["admitted"], made.workspace.uuid).organisation
    today = site_today()
    grant = add_grant(
        access=access,
        organisation=holder,
        donor=made.canary("grant", "donor", HOLDERS),
        title={"kk": made.canary("grant", "title", HOLDERS)},
        number=made.canary("grant", "number", HOLDERS),
        starts_on=today,
        ends_on=today,
    )
    words = made.canary("measure", "words", READERS)
    measure = add_measure(access=access, rung=Rung.OUTPUT, words={"kk": words})
    organisations = {
        NAMED: access.organisation,
        WITHHELD: made.people[WITHHELD].memberships.get().organisation,
        CONFIDENTIAL: made.people[CONFIDENTIAL].memberships.get().organisation,
    }
    for who, organisation in organisations.items():
        _declare(made, who, organisation, measure, grant)
    report = freeze_report(access=access, grant=grant)
    label = made.canary("donorlink", "label", {"coordinator"})
    link = give_link(access=access, grant=grant, label=label, language=Language.KK, ends_on=today)
    here = {"workspace": made.workspace.uuid}
    made.things["impact"] = here | {"grant": grant.uuid, "measure": measure.uuid, "report": report.uuid}
    made.things["donor_link"] = {"token": token_of(link), "report": report.uuid}
    donor = {f"Canarygrant{one}" for one in ("donor", "title")} | {words}
    donor |= {f"Canary{NAMED}{one}" for one in (*FIGURE, *CHANGE)}
    made.links["donor_link"] = frozenset(donor)


def _declare(made: World, who: str, organisation: Organisation, measure: Measure, grant: Grant) -> None:
    """A figure and a change of the organisation, paid from the grant."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    texts = {one: {"kk": made.canary(who, one, READ_BY[who])} for one in (*FIGURE, *CHANGE)}
    today = site_today()
    figure = declare_figure(
        access=access,
        measure=measure,
        organisation=organisation,
        content=FigureContent(
            value=12,
            as_of=today,
            baseline=4,
            baseline_on=today - datetime.timedelta(days=9),
            **{one: texts[one] for one in FIGURE},
        ),
        evidence=Evidence(grant),
    )
    change = record_change(
        access=access,
        organisation=organisation,
        content=ChangeContent(on=today, **{one: texts[one] for one in CHANGE}),
        evidence=Evidence(grant),
    )
    for state, row in ((f"figure_{who}", figure), (f"change_{who}", change)):
        made.things[state] = {"workspace": made.workspace.uuid, "line": row.line, "revision": row.number}
