"""An administrator loads exchange rates by file, and a delegate sees what a rate does to one amount."""

from .acting import leave_by

HEAD = "base,quote,kind,rate,record_date,effective_date,source,citation"


def choose(page, text: str):
    page.set_input_files("#id_file", {"name": "rates.csv", "mimeType": "text/csv", "buffer": text.encode()})
    leave_by(page.locator("main button"))


def test_administrator_loads_rates_by_file_after_a_mistake(visit):
    """A pair that nothing else in the demonstration uses."""
    visitor = visit().log_in("administrator")
    page = visitor.page
    visitor.go("/p/peru-2017/")
    page.get_by_role("button", name="Administrator").click()
    leave_by(page.get_by_role("link", name="Exchange rates").first)
    leave_by(page.get_by_role("link", name="Load a file"))
    choose(page, f'{HEAD}\nUSD,BRL,end_of_period,"4,0307",2019-12-31,,EXAMPLE,')
    assert "The file has 1 mistake, so nothing was loaded." in page.inner_text("[role=alert]")
    assert page.evaluate("document.activeElement.className") == "al-errors"
    assert "Row 2" in page.inner_text("#mistakes")
    choose(page, f"{HEAD}\nUSD,BRL,end_of_period,4.0307,2019-12-31,,EXAMPLE,")
    assert page.url.endswith("/rates/")
    assert "1 rate added." in page.inner_text("main")
    page.locator("#id_pair").select_option("USD/BRL")
    leave_by(page.get_by_role("button", name="Filter"))
    assert "4.0307" in page.inner_text("#rates")


def test_delegate_asks_how_much_of_a_figure_is_only_exchange_rate(visit):
    visitor = visit(javascript=False).log_in("host_delegate")
    page = visitor.page
    visitor.go("/p/peru-2017/pledges/")
    leave_by(page.get_by_role("link", name="The same amount at other rates").first)
    assert "at least US$\u00a02,463,433.41" in page.inner_text("main")
    page.locator("#id_stated").fill("2,400,000")
    leave_by(page.locator(".al-filter button"))
    assert "−US$\u00a063,433.41" in page.inner_text("main")
    page.locator("#id_day").fill("2010-01-01")
    leave_by(page.locator(".al-filter button"))
    assert "no rate" in page.inner_text("main")
