"""Freeze a report: the figures as everybody outside reads them, with a hash."""

import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.campaigns.impact.actions.figures import FigureRefused
from coalition.campaigns.impact.actions.grants import ONLY_LEADERS
from coalition.campaigns.impact.content import content_of, digest_of
from coalition.campaigns.impact.models import Grant, Report, ReportOrganisation
from coalition.campaigns.impact.permissions import may_lead_impact, require_that
from coalition.campaigns.impact.statement import Scope, statement_of
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access


def freeze_report(
    *,
    access: Access,
    grant: Grant | None = None,
    organisation: Organisation | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Report:
    """Freeze the figures of the workspace, of a grant or of an organisation, up to a day (today if None).

    Raises NotAllowed; FigureRefused for a day to come, for days in the wrong order, or for a grant of
    another workspace; Refused if there is no figure.
    """
    require_that(may_lead_impact(access), ONLY_LEADERS)
    last = until or site_today()
    if last > site_today():
        raise FigureRefused("until", _("This day is still to come."))
    if since is not None and since > last:
        raise FigureRefused("until", _("The last day is before the first."))
    if grant is not None and grant.workspace_id != access.workspace.pk:
        raise FigureRefused("grant", _("This grant is of another workspace."))
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
        statement = statement_of(Scope(workspace, organisation, grant, since, last))
        if not statement.entries and not statement.contributions:
            raise Refused(_("There is no figure to freeze yet."))
        uuid: UUID = uuid7()
        content, numbers = content_of(statement, uuid)
        newest = Report.objects.filter(workspace=workspace).aggregate(number=Max("number"))["number"]
        report = Report.objects.create(
            uuid=uuid,
            workspace=workspace,
            number=(newest or 0) + 1,
            grant=grant,
            organisation=organisation,
            since=since,
            until=last,
            content=content,
            sha256=digest_of(content),
            frozen_by=access.user,
            frozen_for=access.organisation,
            frozen_at=now(),
        )
        ReportOrganisation.objects.bulk_create(
            ReportOrganisation(report=report, number=number, organisation_id=organisation_key)
            for organisation_key, number in numbers.items()
        )
        record_action(
            access, "impact.report_frozen", target=report.uuid, workspace=workspace, sha256=report.sha256
        )
    return report
