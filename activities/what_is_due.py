"""What stands behind deadlines: the report that discharges one, the commitment that another is about. It is handed down to
them."""

from activities.deadlines.models import Kind
from activities.deadlines.sync import REPORT_KINDS
from activities.dialogues.promises import promises_of_deadlines
from activities.reporting.discharge import reports_of_deadlines


def things_of_deadlines(user, deadlines) -> dict:
    """Those that `user` may open: reports by award, recipient and period, commitments by their keys. Two queries at most."""
    reports = reports_of_deadlines(user, [row for row in deadlines if row.kind in REPORT_KINDS])
    return reports | promises_of_deadlines(user, [row for row in deadlines if row.kind == Kind.COMMITMENT])
