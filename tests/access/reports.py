"""Routes of the reports. The host's delegates have none; another partner's, and a prime's for its sub-recipient, do not exist.
The report of the access world is a draft: an act that is not its turn is answered 409, or leads back to the report."""

from . import ALL_PARTNERS, EVERYBODY, HOST, PARTNER_STAFF, READERS, Route, Rule, in_partnership, nothing

READS = READERS | PARTNER_STAFF
CERTIFIES = {"partner_certifier"}
REVIEWS = {"program_officer"}
HIDDEN = ALL_PARTNERS - PARTNER_STAFF


def of_report(world, **more):
    return in_partnership(world) | {"key": world.report.key} | more


def page(get=None, post=None, **more):
    """A page below a report: for whom it answers, 404 for partners whose report it is not."""
    rules = {"get": get and Rule(get, hidden=HIDDEN), "post": post and Rule(post, hidden=HIDDEN)}

    def missing(world):
        return of_report(world, **more) | {"key": "nothing"}

    return Route(**rules, kwargs=lambda world: of_report(world, **more), missing=missing)


ROUTES = {
    "reports:list": Route(get=Rule(EVERYBODY - HOST), missing=lambda world: {"partnership": "nothing"}),
    "reports:detail": page(READS),
    "reports:open": page(post=PARTNER_STAFF),
    "reports:task": page(PARTNER_STAFF, PARTNER_STAFF, task="award"),
    "reports:check": page(PARTNER_STAFF),
    "reports:submit": page(CERTIFIES, CERTIFIES),
    "reports:receipt": page(READS),
    "reports:withdraw": page(CERTIFIES, CERTIFIES),
    "reports:contents": page(READS, number=1),
    "reports:review": page(REVIEWS),
    "reports:start-review": page(post=REVIEWS),
    "reports:release-review": page(post=REVIEWS),
    "reports:return": page(post=REVIEWS),
    "reports:accept": page(post=REVIEWS),
    "reports:reopen": page(REVIEWS, REVIEWS),
    "api:report-list": Route(get=Rule(EVERYBODY - HOST), kwargs=nothing, scoped=False, api=True),
    "api:report-detail": Route(
        get=Rule(READS, hidden=HOST | HIDDEN),
        kwargs=lambda world: {"key": world.report.key},
        missing=lambda world: {"key": "nothing"},
        api=True,
    ),
}
