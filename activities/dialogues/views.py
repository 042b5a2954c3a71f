"""Pages of the dialogues and their commitments."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cpc.core.texts import text_in
from partners.asof import asked_days
from partners.pages import partnership_page

from .labels import sides_of
from .models import Commitment, Dialogue
from .queries import commitments_on, count_by_side, days_of, dialogues_known


@require_GET
@partnership_page("read.dialogues")
def dialogue_list(request, partnership):
    """Every dialogue known on the day asked for, newest first, with how its commitments stood."""
    days, asof = asked_days(request, partnership)
    dialogues = Dialogue.objects.visible_to(request.user).filter(partnership=partnership)
    dialogues = dialogues_known(dialogues, as_of=days.as_of, known_on=days.known_on).select_related("source")
    standings = commitments_of(request, partnership, days)
    rows = [(dialogue, *days_of(dialogue), open_of(standings, dialogue)) for dialogue in dialogues]
    context = {"partnership": partnership, "days": days, "asof": asof, "form": asof, "rows": rows, "standings": standings}
    return render(
        request, "dialogues/dialogue_list.html", context | tally_of(standings) | host_of(partnership), status=status_of(asof)
    )


@require_GET
@partnership_page("read.dialogues")
def dialogue_detail(request, partnership, key):
    """One dialogue: its record, and its commitments with owner, test, due day, evidence and who confirmed them."""
    days, asof = asked_days(request, partnership)
    dialogues = Dialogue.objects.visible_to(request.user).filter(partnership=partnership)
    known = dialogues_known(dialogues, as_of=days.as_of, known_on=days.known_on)
    dialogue = get_object_or_404(known.select_related("source"), key=key)
    standings = [s for s in commitments_of(request, partnership, days) if s.commitment.dialogue_id == dialogue.pk]
    starts, ends = days_of(dialogue)
    record = sides_of(dialogue, "record")
    context = {
        "partnership": partnership,
        "dialogue": dialogue,
        "starts": starts,
        "ends": ends,
        "days": days,
        "asof": asof,
        "form": asof,
        "record": record if any(side.text for side in record) else [],
        "standings": standings,
        "texts": [(standing.commitment, sides_of(standing.commitment, "text")) for standing in standings],
    }
    return render(
        request, "dialogues/dialogue_detail.html", context | tally_of(standings) | host_of(partnership), status=status_of(asof)
    )


def open_of(standings, dialogue) -> str:
    """ "2 of 6" commitments of a dialogue that are open; empty where none is recorded."""
    own = [standing for standing in standings if standing.commitment.dialogue_id == dialogue.pk]
    n_open = sum(standing.is_open for standing in own)
    return _("%(open)s of %(all)s") % {"open": n_open, "all": len(own)} if own else ""


def status_of(asof) -> int:
    """400 where the address asks for a day that cannot be; the page then shows today, and the fault at the field."""
    return 200 if asof.is_valid() else 400


def tally_of(standings) -> dict:
    """How many of all commitments are open and late, and the same for each side."""
    counts = count_by_side(standings)
    late = sum(count.late for count in counts)
    return {"n_open": sum(count.open for count in counts) + late, "n_late": late, "counts": counts}


def host_of(partnership) -> dict:
    """The name of the host's side for the column heads."""
    return {"host_name": str(text_in(partnership, "host_name"))}


def commitments_of(request, partnership, days):
    commitments = Commitment.objects.visible_to(request.user).filter(dialogue__partnership=partnership)
    return commitments_on(commitments, as_of=days.as_of, known_on=days.known_on)
