"""A change of money and dates, from the award's page to the decision of another person, in the browser; without a script, too."""

import re

import pytest

from .acting import leave_by

P = "/p/peru-2017"
AWARD = f"{P}/funding/awards/peru-2017-extension/"


def propose(visitor, reason: str):
    """An administrative step of the second award, which moves no date and no amount, from the award's own page."""
    page = visitor.page
    visitor.go(AWARD)
    leave_by(page.get_by_role("link", name="Propose a change"))
    assert page.locator("#id_action-award").input_value() == "peru-2017-extension"
    page.select_option("#id_action-kind", "administrative")
    page.fill("#id_reason", reason)
    leave_by(page.locator("main").get_by_role("button", name="Propose", exact=True).last)
    page.wait_for_url(re.compile(r"/proposals/peru-2017-proposal-\d+/$"))
    return page.url.removeprefix(visitor.site.address)


@pytest.mark.parametrize("javascript", [True, False], ids=["", "without a script"])
def test_one_proposes_and_another_approves_exactly_what_is_shown(visit, javascript):
    officer = visit(javascript=javascript).log_in("program_officer")
    address = propose(officer, f"The contact has changed ({javascript}).")
    own = officer.page.get_by_role("button", name="Approve exactly this")
    assert own.is_disabled()
    assert "Who may: Grants officer" in officer.page.locator("#why-not").inner_text()
    decider = visit(javascript=javascript).log_in("grants_officer")
    decider.go("/approvals/")
    leave_by(decider.page.locator(f'main a[href="{address}"]'))
    assert decider.page.locator("h2", has_text="Totals stay the same").count() == 1
    leave_by(decider.page.get_by_role("button", name="Approve exactly this"))
    assert "What was previewed has happened" in decider.page.locator("main").inner_text()
    assert decider.page.get_by_role("button", name="Approve exactly this").count() == 0
    decider.go(AWARD)
    leave_by(decider.page.get_by_role("link", name="the proposal").last)
    assert decider.page.url.endswith(address)


def test_several_changes_are_put_together_and_nothing_typed_is_lost(visit):
    page = visit(javascript=False).log_in("program_officer").page
    page.goto(page.url.split("/p/")[0] + f"{P}/proposals/new/")
    page.locator("label[for=act-term]").click()
    leave_by(page.get_by_role("button", name="Continue"))
    page.fill("#id_term-new_end", "2023-06")
    page.fill("#id_reason", "Announced.")
    leave_by(page.get_by_role("button", name="Bring regions in"))
    assert page.locator("#id_term-new_end").input_value() == "2023-06"
    assert page.locator("#id_reason").input_value() == "Announced."
    assert page.locator(".al-errors").count() == 0
    leave_by(page.get_by_role("button", name="Begin a new award"))
    leave_by(page.get_by_role("button", name=re.compile("Leave out.*Bring regions in")))
    assert page.locator("#id_coverage-since").count() == 0
    page.fill("#id_award-amount", "1.234,50")
    leave_by(page.locator("main").get_by_role("button", name="Propose", exact=True).last)
    assert page.title().startswith("Error:")
    assert "Use the point for cents" in page.locator(".al-errors").inner_text()
    assert page.locator("#id_award-amount").input_value() == "1.234,50"
    assert page.locator("#id_term-new_end").input_value() == "2023-06"


def test_a_refusal_needs_a_reason_and_the_proposer_reads_it(visit):
    officer, decider = visit().log_in("program_officer"), visit().log_in("grants_officer")
    address = propose(officer, "A trial.")
    decider.go(address)
    leave_by(decider.page.get_by_role("button", name="Refuse"))
    assert "Say why" in decider.page.locator(".al-errors").inner_text()
    decider.page.fill("#id_reason", "No trial here.")
    leave_by(decider.page.get_by_role("button", name="Refuse"))
    officer.go(address)
    assert "No trial here." in officer.page.locator(".al-history").inner_text()
