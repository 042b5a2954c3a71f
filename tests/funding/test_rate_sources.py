"""What the two publishers answer, in recorded shapes (see recorded/README.md), and the line to them, against a server on
loopback."""

import json
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from urllib.parse import parse_qs, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest

from funding.pledges.rate_sources import bcrp, treasury
from funding.pledges.rate_sources.refusals import NotData, SourceFailed
from funding.pledges.rate_sources.series import SERIES
from funding.pledges.rate_sources.transport import StayHere, Transport

RECORDED = Path(__file__).parent / "recorded"
SINCE, UNTIL = date(2015, 10, 1), date(2020, 6, 30)
SOLES = SERIES["PEN"].bcrp


def recorded(name: str) -> str:
    return (RECORDED / name).read_text()


# U.S. Treasury


def answering(*pages, asked=None):
    """A `get` that hands out pages by the number that is asked for."""

    def get(path, read):
        query = parse_qs(urlsplit(path).query)
        if asked is not None:
            asked.append(query)
        return read(pages[int(query["page[number]"][0]) - 1])

    return get


def treasury_page(*rows, total=None, next_page=None):
    links = {"next": next_page}
    return json.dumps({"data": rows, "meta": {"total-count": len(rows) if total is None else total}, "links": links})


def treasury_row(**fields):
    columns = {"record_date": "2019-12-31", "country": "Peru", "exchange_rate": "3.311", "effective_date": "2019-12-31"}
    return columns | fields


def fetch_treasury(*pages):
    return treasury.fetch(answering(*pages), "PEN", since=SINCE, until=UNTIL)


def test_treasury_rows_of_all_pages_with_their_traps():
    asked = []
    get = answering(recorded("treasury-page-1.json"), recorded("treasury-page-2.json"), asked=asked)
    lines = treasury.fetch(get, "PEN", since=SINCE, until=UNTIL)
    assert [(str(line.record_date), str(line.effective_date), str(line.rate)) for line in lines] == [
        ("2015-12-31", "2015-12-31", "3.39400000"),
        ("2016-03-31", "2016-03-31", "3.36600000"),  # its effective date is the text "null"
        ("2016-06-30", "2016-06-30", "3.27600000"),
        ("2019-12-31", "2019-12-31", "3.31100000"),  # September's rate is the text "null": no line
        ("2020-03-31", "2020-03-31", "3.40100000"),  # of two lines, that with the lower number
        ("2020-03-31", "2020-04-30", "3.90200000"),  # the amendment
    ]
    assert {(line.base, line.quote, line.kind, line.source) for line in lines} == {("USD", "PEN", "end_of_period", "TREASURY")}
    assert all(isinstance(line.rate, Decimal) for line in lines)
    labels = {line.citation.rpartition(", ")[2] for line in lines}
    assert labels == {"Peru-Nuevo Sol", "Peru-Sol"}
    assert asked[0]["filter"] == ["country:eq:Peru,record_date:gte:2015-10-01,record_date:lte:2020-06-30"]
    assert [query["page[number]"] for query in asked] == [["1"], ["2"]]


def test_treasury_is_not_asked_about_a_currency_without_a_country():
    assert treasury.fetch(None, "XAF", since=SINCE, until=UNTIL) == []


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("<html>Maintenance</html>", "web page"),
        ("", "not JSON"),
        ("[" * 5000, "not JSON"),
        ("[]", "no list of data"),
        ('{"error": "Invalid Query Param"}', "no list of data"),
        (json.dumps({"data": []}), "how many rows"),
        (treasury_page("row"), "not a row"),
        (treasury_page({"country": "Peru"}), "lacks exchange_rate, record_date"),
        (treasury_page(treasury_row(country="Chile")), "about 'Chile'"),
        (treasury_page(treasury_row(exchange_rate="NaN")), "not a rate"),
        (treasury_page(treasury_row(exchange_rate="0")), "not a rate"),
        (treasury_page(treasury_row(exchange_rate="-3.3")), "not a rate"),
        (treasury_page(treasury_row(exchange_rate="1e3")), "not a rate"),
        (treasury_page(treasury_row(exchange_rate="3,311")), "not a rate"),
        (treasury_page(treasury_row(exchange_rate=True)), "not a rate"),
        (treasury_page(treasury_row(record_date="31/12/2019")), "not a day"),
        (treasury_page(treasury_row(record_date="2020-09-30")), "later than"),
        (treasury_page(treasury_row(), total=2), "not whole: 1 of 2"),
        (treasury_page(treasury_row(), next_page="https://elsewhere.example/?x=2"), "no next page"),
        (treasury_page(treasury_row(), next_page="&page%5Bnumber%5D=1"), "as the next one"),
    ],
)
def test_treasury_answer_that_is_not_as_documented_is_refused_whole(page, word):
    with pytest.raises(SourceFailed, match=word):
        fetch_treasury(page)


def test_a_number_in_the_answer_never_becomes_a_float():
    line = fetch_treasury(treasury_page(treasury_row()).replace('"3.311"', "3.3110000000000004"))[0]
    assert line.rate == Decimal("3.311")


def test_treasury_pages_without_end_are_refused():
    pages = [treasury_page(treasury_row(), total=999, next_page=f"&page%5Bnumber%5D={n + 2}") for n in range(50)]
    with pytest.raises(SourceFailed, match="not whole"):
        fetch_treasury(*pages)


# Central bank


def named(*names):
    return [{"name": name, "dec": "3"} for name in names]


def bcrp_answer(*periods, series=None):
    listed = named("TC Interbancario - Venta", "TC SBS - Venta") if series is None else series
    return json.dumps({"config": {"series": listed}, "periods": periods})


def parse(text):
    return bcrp.parse(text, SOLES, currency="PEN", until=UNTIL)


def test_central_bank_s_days_with_their_traps():
    """The answer lists the series the other way round than they are asked for; a day without a market has no line."""
    lines = parse(recorded("bcrp-daily.json"))
    assert [(line.source, str(line.record_date), str(line.rate)) for line in lines] == [
        ("BCRP-INTERBANK", "2019-09-30", "3.383"),  # 3.3825 at three decimals, half up
        ("BCRP-SBS", "2019-09-30", "3.383"),
        ("BCRP-INTERBANK", "2019-10-01", "3.385"),
        ("BCRP-INTERBANK", "2020-01-02", "3.315"),
        ("BCRP-SBS", "2020-01-02", "3.317"),
    ]
    assert {(line.base, line.quote, line.kind) for line in lines} == {("USD", "PEN", "daily")}
    assert all(line.effective_date == line.record_date for line in lines)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("01.Ene.00", date(2000, 1, 1)),
        ("31.Dic.69", date(2069, 12, 31)),
        ("01.Ene.70", date(1970, 1, 1)),
        ("31.Dic.99", date(1999, 12, 31)),
        ("29.Feb.20", date(2020, 2, 29)),
        ("30.Set.19", date(2019, 9, 30)),
        ("6.oct.26", date(2026, 10, 6)),
    ],
)
def test_days_are_written_with_spanish_months_and_two_digits_of_the_year(name, day):
    assert bcrp.day_of(name) == day


@pytest.mark.parametrize(
    "name", ["30.Sep.19", "29.Feb.19", "31.Jun.19", "00.Ene.19", "Ene.2019", "T1.19", "01.01.19", "", None, 5]
)
def test_what_is_no_day_of_that_form_is_refused(name):
    with pytest.raises(SourceFailed):
        bcrp.day_of(name)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "not JSON"),
        ('{"periods": {}}', "no list of periods"),
        ('{"periods": []}', "which series"),
        (bcrp_answer({"name": "02.Ene.20", "values": ["3.3"]}), "not one value for each"),
        (bcrp_answer("02.Ene.20"), "not one value for each"),
        (bcrp_answer({"name": "02.Ene.20", "values": ["3.3", "dato"]}), "not a rate"),
        (bcrp_answer({"name": "02.Ene.20", "values": ["3.3", "0.0001"]}), "not a rate"),
        (bcrp_answer({"name": "02.Ene.21", "values": ["3.3", "3.3"]}), "later than"),
        (bcrp_answer(series=named("TC Interbancario - Venta")), "names 0 series that could be PD04640PD"),
        (bcrp_answer(series=named("TC Interbancario - Compra", "TC SBS - Venta")), "names 0 series that could be PD04638PD"),
        (bcrp_answer(series=named("Interbancario Venta", "Interbancario, Venta")), "names 2 series"),
    ],
)
def test_central_bank_s_answer_that_is_not_as_documented_is_refused_whole(text, word):
    with pytest.raises(SourceFailed, match=word):
        parse(text)


def test_page_of_the_bot_shield_is_no_data_though_the_word_stands_in_it():
    with pytest.raises(NotData, match="web page"):
        parse(recorded("bcrp-challenge.html"))


def test_central_bank_is_asked_for_its_codes_and_days():
    asked = []

    def get(path, read):
        asked.append(path)
        return read(recorded("bcrp-daily.json"))

    assert len(bcrp.fetch(get, "PEN", since=date(2017, 6, 1), until=UNTIL)) == 5
    assert asked == ["/estadisticas/series/api/PD04638PD-PD04640PD/json/2017-6-1/2020-6-30/esp"]
    assert bcrp.fetch(None, "XAF", since=SINCE, until=UNTIL) == []


# The line


@contextmanager
def serving(*answers):
    """A server on loopback that gives one answer after the other, each (status, body, headers); yields its origin and the paths
    that were asked for."""
    left, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body, headers = left.pop(0)
            self.send_response(status)
            for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # the other side hung up
                for piece in [body] if isinstance(body, bytes) else body:
                    self.wfile.write(piece)
                    sleep(0 if piece is body else 0.02)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def line_to(origin, waited=None, **fields):
    opener = build_opener(ProxyHandler({}), StayHere())
    return Transport(origin, wait=(waited if waited is not None else []).append, opener=opener, **fields)


def ok(text, **headers):
    return 200, text.encode(), headers


def failing(status, **headers):
    return status, b"", headers


def test_challenge_page_is_asked_again_with_longer_pauses_until_the_data_come():
    challenge, waited = ok(recorded("bcrp-challenge.html")), []
    with serving(challenge, challenge, ok(recorded("bcrp-daily.json"))) as (origin, asked):
        lines = bcrp.fetch(line_to(origin, waited).get, "PEN", since=SINCE, until=UNTIL)
    assert (len(lines), len(asked), len(set(asked))) == (5, 3, 1)
    assert waited == sorted(waited)
    assert len(waited) == 2


def test_after_the_last_try_the_failure_names_the_host_and_the_reason():
    last = "The answer is a web page"
    with serving(failing(503), failing(429), ok("<html>")) as (origin, asked), pytest.raises(SourceFailed, match=last):
        line_to(origin).get("/x", lambda text: parse(text))
    assert len(asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_what_another_try_would_not_mend_fails_at_once(status):
    waited = []
    with serving(failing(status)) as (origin, asked), pytest.raises(SourceFailed, match=str(status)):
        line_to(origin, waited).get("/x", str)
    assert (len(asked), waited) == (1, [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status):
    with serving(ok("stolen")) as (other, asked_there):
        elsewhere = failing(status, Location=f"{other}/y")
        with serving(elsewhere) as (origin, _asked), pytest.raises(SourceFailed, match=str(status)):
            line_to(origin).get("/x", str)
    assert asked_there == []


@pytest.mark.parametrize("path", ["", "x", "//elsewhere.example/x", "@elsewhere.example/", "https://elsewhere.example/"])
def test_only_paths_of_the_host_are_asked_for(path):
    with pytest.raises(SourceFailed, match="not a path"):
        line_to("https://host.example").ask(path)


def test_answer_that_is_too_large_is_given_up():
    with serving(ok("x" * 2000)) as (origin, asked), pytest.raises(SourceFailed, match="larger than 1,000"):
        line_to(origin, most_bytes=1000).get("/x", str)
    assert len(asked) == 1


def test_answer_that_breaks_off_is_tried_again():
    whole = recorded("bcrp-daily.json")
    broken = 200, whole[:-4].encode(), {"Content-Length": str(len(whole))}
    with serving(broken, broken, ok(whole)) as (origin, asked):
        assert line_to(origin).get("/x", len) == len(whole)
    assert len(asked) == 3


def test_answer_that_drips_is_given_up_in_time():
    dripping = 200, [b"x"] * 100, {"Content-Length": "100"}
    with serving(dripping) as (origin, _asked), pytest.raises(SourceFailed, match="no whole answer in 0.1 seconds"):
        line_to(origin, seconds=0.1, pauses=()).get("/x", str)


def test_host_that_is_not_there_is_a_failure_and_no_crash():
    with serving() as (origin, _asked):
        pass
    waited = []
    with pytest.raises(SourceFailed, match="did not answer"):
        line_to(origin, waited).get("/x", str)
    assert len(waited) == 2


def test_the_hosts_are_fixed_and_asked_in_secret():
    assert treasury.ORIGIN == "https://api.fiscaldata.treasury.gov"
    assert bcrp.ORIGIN == "https://estadisticas.bcrp.gob.pe"
