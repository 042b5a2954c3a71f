"""The announcement of 6 February 2020, proposed and approved, is what the file of facts says of that day, row for row; and on the
day before nobody could know it, wherever one asks."""

import csv
import io

import pytest
from django.test import override_settings
from django.urls import reverse

from cpc.approvals.services import approve, preview, propose
from partners.models import Document
from tests import factories as make

from .peru import AT, announcement, load_as_of_january, rows_of, whole

pytestmark = pytest.mark.django_db
REASON = "Announced at the first Bilateral Dialogue."
EVE, DIALOGUE = "2020-02-05", "2020-02-06"
P = "/p/peru-2017"
API = "/api/v1"
# What only the announcement says, in the words of pages, exports and API.
SAID = (
    "peru-2017-extension", "1700000", "1,700,000", "6,700,000", "6700000", "PE-MDD", "PE-PUN", "Madre de Dios", "Puno", "2022-06",
    "June 2022", "Jun 2022",
)  # fmt: skip
DAYS = ("2018-01-31", EVE, DIALOGUE)


@pytest.fixture(autouse=True)
def _play():
    with override_settings(ALIANZA_TODAY=make.day(DIALOGUE)):
        yield


@pytest.fixture
def announced(tmp_path):
    """The partnership as of January 2020, and the announcement approved on the day of the dialogue."""
    peru = load_as_of_january(tmp_path)
    officer, decider = (make.make_user(role, peru) for role in ("program_officer", "grants_officer"))
    source = Document.objects.get(partnership=peru, key="embassy-2020-02-06")
    proposal = propose(peru.pk, announcement(), actor=officer, at=AT, reason=REASON, source=source)
    approve(proposal.pk, actor=decider, at=AT, seen=preview(proposal, at=AT).fingerprint)
    return peru


def test_the_announcement_approved_gives_row_for_row_what_the_file_loads(tmp_path):
    expected = whole()
    peru = load_as_of_january(tmp_path)
    before = rows_of(peru)
    officer, decider = (make.make_user(role, peru) for role in ("program_officer", "grants_officer"))
    source = Document.objects.get(partnership=peru, key="embassy-2020-02-06")
    proposal = propose(peru.pk, announcement(), actor=officer, at=AT, reason=REASON, source=source)
    approve(proposal.pk, actor=decider, at=AT, seen=preview(proposal, at=AT).fingerprint)
    after = rows_of(peru)
    for table, rows in expected.items():
        assert after[table] == rows, table
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"TermEvent", "Coverage", "Award", "AwardRecipient", "AwardAction", "Deadline"}


def asked(path: str, as_of: str, known_on: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}as_of={as_of}&known_on={known_on}"


PAGES = [f"{P}/", f"{P}/funding/", f"{P}/funding/?format=csv", f"{P}/funding/awards/peru-2017-initial/"]
RESOURCES = [
    f"{API}/partnerships/peru-2017/",
    f"{API}/term-events/?partnership=peru-2017",
    f"{API}/coverage/?partnership=peru-2017",
    f"{API}/awards/?partnership=peru-2017",
    f"{API}/award-actions/?partnership=peru-2017",
    f"{API}/award-actions/?partnership=peru-2017&format=csv",
    f"{API}/funding/summary/?partnership=peru-2017&group_by=partner",
    f"{API}/funding/summary/?partnership=peru-2017&group_by=fiscal_year&format=csv",
]


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return (answer.getvalue() if answer.streaming else answer.content).decode().replace("\xa0", " ")


def test_on_the_eve_nobody_could_know_it_as_of_any_day(client, announced):
    client.force_login(make.make_user("embassy_viewer", announced))
    for path in PAGES + RESOURCES:
        for as_of in DAYS:
            text = read(client, asked(path, as_of, EVE))
            # the ledger's own filters name no award of later days; the address of a page repeats what was asked
            assert [word for word in SAID if word in text] == [], (path, as_of)
    assert client.get(asked(f"{P}/funding/awards/peru-2017-extension/", DIALOGUE, EVE)).status_code == 404


def test_on_the_day_itself_everybody_reads_it(client, announced):
    client.force_login(make.make_user("embassy_viewer", announced))
    found = {path: read(client, asked(path, DIALOGUE, DIALOGUE)) for path in PAGES + RESOURCES}
    for path in PAGES[:3] + RESOURCES:
        assert [word for word in SAID if word in found[path]], path
    page = read(client, asked(f"{P}/funding/awards/peru-2017-extension/", DIALOGUE, DIALOGUE))
    assert "1,700,000" in page
    rows = list(csv.reader(io.StringIO(found[f"{P}/funding/?format=csv"])))
    assert any("1700000.00" in row for row in rows)
    key = reverse("approvals:of-row", args=["peru-2017", "peru-2017-extension-award"])
    assert client.get(key).url == reverse("approvals:detail", args=["peru-2017", "peru-2017-proposal-1"])
