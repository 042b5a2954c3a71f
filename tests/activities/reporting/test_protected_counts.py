"""Protected counts show as they are to their circle alone."""

from django.urls import reverse

from activities.reporting.drafts import save_indicators
from activities.reporting.services import open_report
from partners.roles import Role
from tests import factories as make

from .conftest import Q4, SOON, text_of, url
from .test_moves import bring_to


def test_protected_counts_show_to_their_circle_only(world, filled, login):
    world.partnership.indicators.filter(key="I-2").update(protected=True)
    filled.cells.filter(indicator__key="I-2").update(value=7919)
    bring_to(world, filled, "submitted")
    viewer = make.make_user(Role.EMBASSY_VIEWER, world.partnership)
    trusted = make.make_user(Role.EMBASSY_VIEWER, world.partnership, exact_counts=True)
    pages = {who: login(who).get(url("contents", 1)) for who in (world.preparer, world.officer, trusted, viewer)}
    assert all("7,919" in text_of(pages[who]) for who in (world.preparer, world.officer, trusted))
    assert "7,919" not in text_of(pages[viewer])
    assert "7919" not in text_of(pages[viewer])
    assert "15,838" not in text_of(pages[viewer])  # nor a sum
    assert "protected" in text_of(pages[viewer])
    assert pages[viewer].headers["Cache-Control"] == "no-store"


def test_a_prime_sees_no_protected_count_of_its_sub_recipient(world, login):
    sub = make.make_organization("sub")
    award = make.make_award(
        world.partnership, recipients=[sub], level="sub", pass_through=world.ilo, parent=world.award, key="sub"
    )
    make.make_deadline(world.partnership, rule="R-SUB-Q", award=award, recipient=sub, period_from=Q4.first, period_to=Q4.last)
    world.partnership.indicators.update(protected=True)
    person = make.make_user(Role.PARTNER_PREPARER, world.partnership, organization=sub)
    version = open_report(award, sub, Q4, actor=person, at=SOON)
    save_indicators(version.pk, "indicators-1", cells={"I-1/XA-ONE/female": 7919}, actor=person, at=SOON, revision=0, done=False)
    address = reverse("reports:contents", args=["test-2017", version.report.key, 1])
    assert "7,919" in text_of(login(person).get(address))
    assert "7,919" not in text_of(login(world.preparer).get(address))
