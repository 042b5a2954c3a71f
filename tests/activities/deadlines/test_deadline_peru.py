"""Peru's own file: what a no-cost extension of the initial award and an extension of the term do to its dates."""

from pathlib import Path

import pytest

import partners
from activities.deadlines.services import mark_met
from activities.models import Deadline
from activities.tasks import recompute
from cpc.core.periods import Period
from funding.models import Award
from partners.management.commands.load_partnership import load
from partners.models import Organization, Partnership
from tests import factories as make

pytestmark = pytest.mark.django_db
FACTS = Path(partners.__file__).parent / "data" / "peru-2017.yaml"
TODAY = make.day("2020-02-10")
RECIPIENTS = ("ilo", "yanapanakusun")
NEW_QUARTERS = ["2020-q4", "2021-q1", "2021-q2", "2021-q3", "2021-q4", "2022-q1"]


@pytest.fixture
def peru(db):
    load(FACTS)
    peru = Partnership.objects.get(key="peru-2017")
    recompute(peru.pk, today=TODAY)
    return peru


def open_days(**wanted):
    rows = Deadline.objects.open().filter(**wanted).order_by("due_on", "key")
    return {key: day.isoformat() for key, day in rows.values_list("key", "due_on")}


def test_no_cost_extension_of_the_initial_award_and_what_it_leaves_alone(peru):
    award, ilo = Award.objects.get(key="peru-2017-initial"), Organization.objects.get(key="ilo")
    for recipient in RECIPIENTS:
        for kind in ("performance_report", "financial_report"):
            assert len(open_days(award=award, recipient__key=recipient, kind=kind)) == 12
        assert set(open_days(award=award, recipient__key=recipient, kind="final_report").values()) == {"2021-03-31"}
    first = Period(make.day("2019-10-01"), make.day("2019-12-31"))
    mark_met(award_id=award.pk, recipient_id=ilo.pk, period=first, met_at=make.lima("2020-01-30 12:00"))
    submitted = list(Deadline.objects.exclude(met_at=None).filter(award=award).order_by("pk").values())
    before = open_days(award=award)
    make.make_action(award, kind="no_cost_extension", amount=None, end="2022-06-30", effective="2020-02-10", guidance_version="")
    recompute(peru.pk, today=TODAY)
    after = open_days(award=award)
    assert list(Deadline.objects.exclude(met_at=None).filter(award=award).order_by("pk").values()) == submitted
    for recipient in RECIPIENTS:
        stem = f"peru-2017-initial-{recipient}-"
        came = [key for key in after if key not in before and key.startswith(stem) and "final" not in key]
        assert sorted(came) == sorted(
            f"{stem}{quarter}-{half}" for quarter in NEW_QUARTERS for half in ("performance", "financial")
        )
        assert set(open_days(award=award, recipient__key=recipient, kind="final_report").values()) == {"2022-09-28"}
    assert set(open_days(award=award, kind="extension_request").values()) == {"2022-05-31"}
    # 20 June 2022 is Juneteenth observed, a Monday
    assert open_days(award=award, kind="extension_notice") == {"peru-2017-initial-yanapanakusun-extension-notice": "2022-06-17"}
    assert open_days(award=award, kind="liquidation") == {"peru-2017-initial-yanapanakusun-liquidation": "2022-09-28"}
    unmoved = {key: day for key, day in before.items() if key.rpartition("-")[2] in ("performance", "financial")}
    assert {key: after[key] for key in unmoved if "final" not in key} == {
        key: day for key, day in unmoved.items() if "final" not in key
    }


def test_extension_of_the_term_alone_moves_no_date_of_an_award_nor_the_pledge(peru):
    awards = open_days(award__isnull=False)
    assert open_days(kind="term_decision") == {"peru-2017-term-decision": "2022-01-01"}
    make.make_term_event(peru, new_end="2024-06", effective="2020-02-10")
    changes = recompute(peru.pk, today=TODAY)
    assert open_days(award__isnull=False) == awards
    assert set(open_days(kind="pledge_end").values()) == {"2021-06-30"}
    assert {key: new.isoformat() for key, (_old, new) in changes.moved.items()} == {
        "peru-2017-term-decision": "2024-01-02",
        "peru-2017-term-end": "2024-06-30",
    }
    assert changes.created == ["peru-2017-targets-2023", "peru-2017-targets-2024"]
    assert changes.superseded == []


def test_dates_of_the_partnership_itself(peru):
    assert list(open_days(kind="targets").values()) == [f"{year}-06-15" for year in range(2018, 2023)]
    assert open_days(kind="dialogue") == {"peru-2017-dialogue-1-next": "2021-02-06"}
    assert open_days(kind="dialogue_indicators") == {"peru-2017-dialogue-1-next-indicators": "2021-01-07"}
