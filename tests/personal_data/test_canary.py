"""Who takes the main database finds nobody in it: no name, no address, no phone, sealed or not."""

from coalition.accounts.models import Invitation
from coalition.campaigns.media_package.models import ItemCoverage
from coalition.personal_data.fields import iter_outsider_fields
from coalition.personal_data.orphans import raw_columns
from coalition.personal_data.store import PREFIX
from events.models import EventSpeaker
from home.models import HomePage
from tests.home.conftest import site
from tests.permissions.leaks_world import whole_world
from tests.personal_data.apart import kept, main_database

__all__ = ["site"]
SHORT = 6  # letters: shorter words stand in many places


def test_nobody_outside_the_coalition_is_in_the_main_database(apart: None, site: HomePage) -> None:
    whole_world()
    filled = set()
    for field in iter_outsider_fields():
        columns = raw_columns(field).exclude(raw="").exclude(raw=None)
        if field.only_with:
            columns = columns.exclude(**{field.only_with: ""})
        columns = set(columns.values_list("raw", flat=True))
        assert all(column.startswith(PREFIX) for column in columns), field.label
        filled |= {field.label} if columns else set()
    assert len(filled) > 30, sorted(filled)
    speakers = EventSpeaker.objects.filter(named=True)
    elsewhere = {
        words for one in speakers for words in (one.public_name, one.public_role)
    }  # by their consent
    logged = ItemCoverage.objects.exclude(link=None).select_related("coverage", "link")
    outlets = {one.coverage.outlet for one in logged if one.coverage.outlet == one.link.outlet}
    assert outlets  # an outlet is no person: the airing that it logged is read as all coverage is
    elsewhere |= outlets
    elsewhere |= set(Invitation.objects.values_list("email", flat=True))  # mail to who becomes a member
    told, values = main_database(), {value for value in kept().values() if len(value) >= SHORT} - elsewhere
    assert len(values) > 60
    leaked = sorted(value for value in values if value in told)
    assert not leaked, leaked
