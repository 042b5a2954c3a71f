"""The one door to every sum of money: page, export and API ask here, so that they can never disagree."""

from datetime import date

from activities.reporting.spending import GROUPS as SPENDING_GROUPS
from activities.reporting.spending import LINES, spending_summaries
from funding.awards.answers import Asked, Summary
from funding.awards.queries import summaries
from funding.awards.rules import GROUPS, MEASURES
from funding.pledges.sums import GROUPS_OF, HOST_MEASURES, host_summary
from partners.models import Partnership

# What each measure can be grouped by; the order of the measures is that of the offer.
OFFER = dict.fromkeys(MEASURES, GROUPS) | dict.fromkeys(LINES, SPENDING_GROUPS) | GROUPS_OF
US_MEASURES = tuple(measure for measure in OFFER if measure not in HOST_MEASURES)


def answer(partnership: Partnership, asked: Asked, *, as_of: date, known_on: date) -> Summary:
    """The answer to `asked`, which fits `OFFER`. Raises KeyError for what it does not offer; the caller has asked whether the
    reader may."""
    return answers(partnership, [asked], as_of=as_of, known_on=known_on)[0]


def answers(partnership: Partnership, questions: list[Asked], *, as_of: date, known_on: date) -> list[Summary]:
    """The answers to several questions about the same days: one statement for all that is awarded and obligated, one for all
    that is disbursed and spent, at most three for each question about host money."""
    for asked in questions:
        if asked.group_by not in OFFER[asked.measure]:
            raise KeyError(asked.group_by)
    found: dict[int, Summary] = {}
    for measures, many in ((MEASURES, summaries), (LINES, spending_summaries), (HOST_MEASURES, _host_summaries)):
        own = {number: asked for number, asked in enumerate(questions) if asked.measure in measures}
        if own:
            found |= zip(own, many(partnership, list(own.values()), as_of=as_of, known_on=known_on), strict=True)
    return [found[number] for number in range(len(questions))]


def _host_summaries(partnership: Partnership, questions: list[Asked], **days: date) -> list[Summary]:
    return [host_summary(partnership, asked, **days) for asked in questions]
