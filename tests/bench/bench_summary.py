"""The sums of money at 200 awards of 50 steps each: the door and the API, against the statements that each of them asks."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from activities.sums import OFFER, Asked, answer
from funding.pledges.rates import Basis
from funding.pledges.sums import HOST_MEASURES
from partners.roles import Role
from tests import factories as make

from .ledgers import many
from .timing import against_own_sql, taken_back

N_AWARDS, N_ACTIONS = 200, 50
N_HOST_ROWS = N_AWARDS * N_ACTIONS  # of pledges and of contributions, so that each measure adds up as many rows
GOAL = 4
DAY = date(2020, 2, 10)


def run(say) -> None:
    with taken_back():
        partnership = many(N_AWARDS, N_ACTIONS, n_contributions=N_HOST_ROWS, n_pledges=N_HOST_ROWS)
        reader = make.make_user(Role.EMBASSY_VIEWER, partnership)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
        say(f"{N_AWARDS} awards of {N_ACTIONS} steps, {N_HOST_ROWS} pledges, {N_HOST_ROWS} contributions")
        say(f"times the same SQL alone; goal: {GOAL}")
        for measure, groups in OFFER.items():
            for group in dict.fromkeys(("none", groups[1 % len(groups)], groups[-1])):
                say(line(partnership, client, measure, group))
        for measure in HOST_MEASURES:
            for basis in Basis:
                say(line(partnership, client, measure, "none", currency="USD", rate_basis=basis.value))


def line(partnership, client: Client, measure: str, group: str, **conversion: str) -> str:
    asked = Asked(measure, group_by=group, **conversion)
    question = {"partnership": partnership.key, "measure": measure, "group_by": group, **conversion}
    address = f"/api/v1/funding/summary/?{urlencode(question)}"
    door = against_own_sql(lambda: answer(partnership, asked, as_of=DAY, known_on=DAY))
    api = against_own_sql(lambda: served(client, address))
    what = conversion.get("rate_basis", group)
    return f"{measure:12} {what:14} door {door.ratio:5.2f}x ({door.n_statements})   API {api.ratio:5.2f}x ({api.n_statements})"


def served(client: Client, address: str) -> None:
    if (answer := client.get(address)).status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
