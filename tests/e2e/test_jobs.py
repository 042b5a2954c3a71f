"""What the users come for, from the log-in on."""

import json
import urllib.request
from decimal import Decimal

P = "/p/peru-2017"


def test_viewer_reads_the_dashboard_without_javascript(visit):
    visitor = visit(javascript=False).log_in("embassy_viewer")
    visitor.go(f"{P}/?as_of=2020-02-06&known_on=2020-02-10")
    text = visitor.page.inner_text("main")
    assert "875 days left" in text
    assert "6,700,000" in text


def test_officer_logs_an_activity_with_the_keyboard(visit):
    visitor = visit().log_in("program_officer")
    page = visitor.page
    visitor.go(f"{P}/activities/new/")
    page.select_option("#id_kind", "training")
    page.check("#id_region_0")
    page.check("#id_objective_0")
    page.select_option("#id_under", index=1)
    page.fill("#id_title", "First activity of the browser test")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)
    visitor.go(f"{P}/activities/new/")
    n_keys = 1
    while page.evaluate("document.activeElement.id") != "id_title":
        page.keyboard.press("Tab")
        n_keys += 1
        assert n_keys < 40
    page.keyboard.type("Second activity of the browser test")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/new/" not in url)
    assert "Second activity of the browser test" in page.inner_text("main")
    assert n_keys <= 25, "what was done last is offered, so that only the text is typed"


def test_program_pulls_the_funding_summary(site):
    token = site.manage("create_token", "api_client@example.org", "browser-suite", "--scope", "funding:read").strip()

    def summary(query):
        address = f"{site.address}/api/v1/funding/summary/?partnership=peru-2017&{query}"
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    assert summary("as_of=2017-10-30")["totals"] == []
    assert summary("as_of=2017-10-31")["totals"][0]["amount"] == "5000000.00"
    whole = summary("as_of=2020-02-06&group_by=partner")
    assert [(row["key"], row["amount"], row["share"]) for row in whole["rows"]] == [
        ("unallocated-peru-2017-initial", "5000000.00", "0.7463"),
        ("ilo", "1700000.00", "0.2537"),
    ]
    assert sum(Decimal(row["amount"]) for row in whole["rows"]) == Decimal(whole["totals"][0]["amount"]) == Decimal("6700000.00")
    assert summary("as_of=2020-02-06&known_on=2020-02-05")["totals"][0]["amount"] == "5000000.00"
    sub = summary("as_of=2020-02-06&level=sub&group_by=partner")
    assert (sub["not_reported"], {row["amount"] for row in sub["rows"]}, sub["totals"]) == (2, {None}, [])


def test_stored_deadlines_are_what_the_engine_says(site):
    site.manage("compute_deadlines", "--check")
