"""What the OpenAPI description says beyond the fields: how to ask, and each operation and parameter in a sentence."""

OVERVIEW = """\
What was given, promised, done and reported in a Child Protection Compact Partnership. For reading.

**Who asks.** Send a token: `Authorization: Bearer …`. Its owner makes it under Account → Tokens, with the scopes that it needs
(`funding:read`, `activities:read`, `reports:read`, `dialogues:read`, `deadlines:read`). It sees what its owner's roles see, from
one request to the next. `GET /api/v1/me/` says who it is.

**Lists** answer `{"results": […], "next": address or null, "previous": address or null}`, 50 rows at a time, `limit` up to 200.
Follow `next` until it is null. Rows name each other by permanent, readable keys such as `peru-2017-initial`.

**Two days.** `as_of`: when it was true. `known_on`: what could be known by then. Both are ISO days, today if left out, and not in
the future. `/api/v1/funding/summary/?partnership=peru-2017&as_of=2020-02-06&known_on=2020-02-05` says what was awarded on
6 February as one knew it on the 5th.

**Amounts** are decimal text in their own currency, for example `"5000000.00"`; null is not known, which is not zero. A
`qualifier` such as `at_least` is part of the amount.

**Days** that may be known only by month or year are `{"value": "2022-06", "precision": "month", "working_day": "2022-06-30"}`;
`working_day` is the one counted with.

**Refusals** have one shape, `{"errors": [{"field": "as_of", "code": "invalid_date", "message": "…"}]}`: 400 for a parameter or a
value that does not exist here (all faults at once), 401 without a valid token, 403 with the reason and who may, 404 for what does
not exist or is not yours to see, 406 for a media type that is not offered, 429 with `Retry-After`. `code` is stable.

**Asking again.** Every answer has a strong `ETag`; send it back as `If-None-Match` and an unchanged answer is a 304.

**Language.** `?lang=es` or `Accept-Language: es`. Codes and keys stay, labels and messages change.

**Files.** Where `format` is offered, `?format=csv` gives the whole list as filtered, written while it is read, and `?format=xlsx`
a workbook of up to 10,000 rows with a second sheet that says what they are. The headers of the answer say the same:
`Alianza-Rows`, `Alianza-Total-USD` (one for each currency), `Alianza-Made-At`, and `Alianza-Fingerprint`, which `/funding/check/`
takes to say whether the figures would be the same today. A fingerprint is given to who reads the funding of a partnership whole,
for a list of the ledger with `partnership=`, and for every sum.
"""

# By operation; a name that is missing here fails tests/api/test_schema.py.
SUMMARIES = {
    "index": "The resources of this version",
    "me": "Who this token is",
    "funding_summary": "Sums of money, of six measures",
    "partnerships_list": "Partnerships",
    "partnerships_retrieve": "One partnership on a day",
    "organizations_list": "Organizations",
    "organizations_retrieve": "One organization",
    "regions_list": "Regions",
    "regions_retrieve": "One region",
    "statements_list": "Public statements",
    "statements_retrieve": "One public statement",
    "awards_list": "Awards and sub-awards",
    "awards_retrieve": "One award",
    "award_actions_list": "Award actions, the rows behind the sums",
    "award_actions_retrieve": "One award action",
    "term_events_list": "Steps of the term",
    "term_events_retrieve": "One step of the term",
    "coverage_list": "Regions covered",
    "objectives_list": "Objectives",
    "pledges_list": "Pledges of the host government",
    "pledges_retrieve": "One pledge",
    "contributions_list": "Contributions of the host government",
    "contributions_retrieve": "One contribution",
    "exchange_rates_list": "Exchange rates",
    "activities_list": "Activities",
    "activities_retrieve": "One activity",
    "deadlines_list": "Deadlines, each with its reason",
    "deadlines_retrieve": "One deadline",
    "reports_list": "Quarterly and final reports",
    "reports_retrieve": "One report",
}

# By parameter: the sentence, and a value to try.
PARAMETERS = {
    "agreement": ("Which governments confirm it, as far as known by the days asked for.", "both"),
    "allocated": ("`false`: only money whose split between recipients is not known.", "false"),
    "as_of": ("The day on which it was true; today if left out.", "2020-02-06"),
    "award": ("Key of an award.", "peru-2017-initial"),
    "base": ("ISO 4217 code of the currency of which one unit is priced.", "USD"),
    "basis": ("What the action rests on: announced in public, or signed.", "announced"),
    "calendar_year": ("Calendar year in which it took effect.", "CY2020"),
    "converted_to": ("Currency in which each row is shown besides, by the rates of `rate_basis`.", "USD"),
    "country": ("ISO 3166-1 code of a country.", "PE"),
    "currency": ("ISO 4217 code of a currency.", "USD"),
    "cursor": ("Where to go on. Take it from `next` or `previous`; it cannot be made up.", None),
    "effective_from": ("First day on which it may have taken effect.", "2017-10-01"),
    "effective_to": ("Last day on which it may have taken effect.", "2020-02-06"),
    "entity": ("Key of the entity of the host government that gave it.", "pe-mimp"),
    "fiscal_year": ("U.S. fiscal year (October to September, like FY2020), for host money the host's (like HY2019).", None),
    "format": ("How the answer is written. JSON if left out.", None),
    "from": ("First day of the span.", "2019-10-01"),
    "group_by": ("What each row stands for.", "partner"),
    "key": ("The permanent key of the row.", None),
    "kind": ("Only rows of one kind.", None),
    "known_on": ("What could be known by this day; today if left out.", "2020-02-10"),
    "lang": ("Language of labels and messages; goes before Accept-Language.", "es"),
    "late": ("Whether the report is late.", None),
    "level": ("Prime awards or sub-awards; they are never added together.", "prime"),
    "limit": ("How many rows at once, from 1 to 200; 50 if left out.", 50),
    "measure": ("What is counted.", None),
    "objective": ("Key of an objective.", "protect"),
    "organization": ("Key of an organization.", "ilo"),
    "part": ("The part that an organization has in the partnership.", "prime"),
    "partnership": ("Key of a partnership. One that does not exist, or is not yours to see, is a 404.", "peru-2017"),
    "priced": ("Whether it has a price, or is only counted.", "true"),
    "q": ("Words to find.", "training"),
    "quarter": ("Quarter in which it took effect.", "2020-Q1"),
    "quote": ("ISO 4217 code of the currency of the price.", "PEN"),
    "rate_basis": ("Which rate shows host money in another currency.", "signature"),
    "recipient": ("Key of an organization that receives money.", "ilo"),
    "record_from": ("First day for which the rate may be recorded.", "2017-01-01"),
    "record_to": ("Last day for which the rate may be recorded.", "2020-02-06"),
    "region": ("ISO 3166-2 code of a region; for national ones as the list of values says.", "PE-LMA"),
    "sample": ("Whether the row was invented for the demonstration.", None),
    "source": ("Who published it, as the rows say.", "TREASURY"),
    "state": ("Only rows in one state.", None),
    "status": ("Only deadlines that stand so on the day asked for.", "overdue"),
    "to": ("Last day of the span.", "2019-12-31"),
    "waits_for": ("The government that has said nothing of it yet.", "us"),
}

FILE_HEADERS = {
    "Alianza-Rows": "How many rows the file has.",
    "Alianza-Total-USD": "What the known amounts add up to, as decimal text; one such header for each currency, by its code.",
    "Alianza-Made-At": "When the rows were counted, in UTC.",
    "Alianza-Fingerprint": "Signed text that `/funding/check/` takes. Only of one partnership, for who reads its funding whole.",
}

REFUSALS = {
    "400": "A parameter or a value does not exist here; each fault is named.",
    "401": "No token, or none that is valid.",
    "403": "Not for this token, with the reason and who may.",
    "404": "It does not exist, or is not yours to see.",
    "406": "The media type asked for is not offered.",
    "429": "Too many requests; `Retry-After` says when to come back.",
}
