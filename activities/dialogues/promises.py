"""For the deadlines below, which know no dialogue: what was promised, by whom, for each date of a commitment."""

from django.urls import reverse

from activities.deadlines.above import Promise
from cpc.core.texts import text_in

from .models import Commitment


def promises_of_deadlines(user, deadlines) -> dict[str, Promise]:
    """By the commitment's key, which is the subject of its date: those among `deadlines` that `user` may read. At most one
    query."""
    wanted = {row.subject_key for row in deadlines}
    if not wanted:
        return {}
    rows = Commitment.objects.visible_to(user).filter(key__in=wanted).select_related("owner", "dialogue__partnership")
    return {commitment.key: promise_of(commitment) for commitment in rows}


def promise_of(commitment: Commitment) -> Promise:
    dialogue = commitment.dialogue
    page = reverse("dialogues:detail", args=[dialogue.partnership.key, dialogue.key])
    return Promise(
        words=str(text_in(commitment, "text")),
        owner=str(text_in(commitment.owner, "name")),
        url=f"{page}#{commitment.key}",
        is_sample=commitment.is_sample,
    )
