"""Days without work by decree: an administrator enters them, and the dates that they move follow at once."""

from datetime import date

import pytest

from activities.models import Deadline
from activities.tasks import recompute
from cpc.audit.models import AuditEvent
from cpc.reference.models import Holiday
from partners.roles import Role
from tests import factories as make

DAY = {"country_code": "US", "day": "2020-04-15", "name_en": "Closed", "name_es": "Cerrado", "source": "Order 1 of 2020"}


@pytest.fixture
def due(partnership):
    """The day on which a sub-recipient's data of the first quarter of 2020 falls due: 15 April, or the working day before."""
    ngo = make.make_organization("sub")
    award = make.make_award(partnership, level="sub", rule_class="subrecipient_2cfr200", recipients=[ngo])
    make.make_action(award, start="2020-01-01", end="2020-12-31")
    recompute(partnership.pk, today=make.day("2020-02-10"))
    return lambda: Deadline.objects.get(rule="R-SUB-Q", period_to=date(2020, 3, 31)).due_on


@pytest.fixture
def administrator(login, partnership):
    return login(make.make_user(Role.ADMINISTRATOR, partnership))


def test_a_day_that_is_entered_moves_dates_at_once_and_back_when_it_is_taken_out(administrator, due):
    assert due() == date(2020, 4, 15)
    assert administrator.post("/holidays/", DAY).status_code == 302
    assert due() == date(2020, 4, 14)
    row = Holiday.objects.get(day=date(2020, 4, 15))
    assert administrator.post(f"/holidays/{row.pk}/take-out/").status_code == 302
    assert due() == date(2020, 4, 15)
    acts = AuditEvent.objects.filter(act__startswith="holiday.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["holiday.added", "holiday.removed"]


def test_a_day_of_another_country_moves_nothing_here(administrator, due):
    make.make_country("XB")
    administrator.post("/holidays/", DAY | {"country_code": "XB"})
    assert due() == date(2020, 4, 15)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country_code", "QQ"), ("country_code", ""), ("day", "15.4.2020"), ("day", "2020-02-30"), ("day", ""),
        ("name_en", ""), ("name_es", "x" * 101), ("source", "\x00"), ("day", "2020-01-01"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_at_its_field_and_nothing_is_saved(administrator, field, value, language):
    Holiday.objects.create(country_code="US", day=date(2020, 1, 1), name_en="New", name_es="Nuevo", source="Order")
    answer = administrator.post(f"/holidays/?lang={language}", DAY | {field: value})
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {field}
    assert "Order 1 of 2020" in answer.content.decode() or field == "source"
    assert Holiday.objects.count() == 1


def test_everybody_reads_the_days_and_only_an_administrator_is_offered_to_change_them(login, partnership, administrator):
    administrator.post("/holidays/", DAY)
    reader = login(make.make_user(Role.PARTNER_PREPARER, partnership)).get("/holidays/").content.decode()
    assert "Order 1 of 2020" in reader
    assert '<form method="post" action="/holidays/' not in reader
