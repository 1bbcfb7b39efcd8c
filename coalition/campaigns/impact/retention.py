"""How long people are named beside figures, grants and reports, and who got a donor's link."""

from coalition.campaigns.impact.models import Contribution, DonorLink, Figure, Grant, Report
from coalition.campaigns.impact.queries import ended_links_before
from coalition.core.clock import now
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches


def forget_people() -> int:
    """Empty who declared a figure or a change, recorded a grant, gave a link or froze a report, longer ago
    than `AUDIT_PERSON_MONTHS`. Returns how many rows."""
    before = anonymise_cutoff()
    return sum(
        (
            empty_in_batches(
                Figure.objects.filter(recorded_at__lt=before, recorded_by__isnull=False), recorded_by=None
            ),
            empty_in_batches(
                Contribution.objects.filter(recorded_at__lt=before, recorded_by__isnull=False),
                recorded_by=None,
            ),
            empty_in_batches(
                Grant.objects.filter(created_at__lt=before, created_by__isnull=False), created_by=None
            ),
            empty_in_batches(
                DonorLink.objects.filter(made_at__lt=before, made_by__isnull=False), made_by=None
            ),
            empty_in_batches(
                Report.objects.filter(frozen_at__lt=before, frozen_by__isnull=False), frozen_by=None
            ),
        )
    )


def forget_labels() -> int:
    """Empty who got a link once it has ended. Returns how many."""
    return empty_in_batches(ended_links_before(now()).exclude(label=""), label="")


PEOPLE = RetentionRule(
    name="campaigns.people_of_figures",
    of="campaigns.Figure, Contribution, Grant, DonorLink, Report: who wrote them",
    until="AUDIT_PERSON_MONTHS; organisations and numbers stay",
    forget=forget_people,
)
LABELS = RetentionRule(
    name="campaigns.labels_of_donor_links",
    of="campaigns.DonorLink: who got the link",
    until="its end",
    forget=forget_labels,
)
