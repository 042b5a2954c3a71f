"""Every page of the site, with who looks at it. `test_pages.py` fails for a route that stands neither here nor in EXCUSED."""

from dataclasses import dataclass

P = "/p/peru-2017"
AWARD = "peru-2017-initial"
# Reports of the sample, by what became of them until the demonstration's day. test_reporting.py, which takes the draft further,
# comes after test_pages.py.
REPORTS = {
    "accepted": f"{AWARD}-ilo-2018-q1",
    "draft": f"{AWARD}-ilo-2019-q4",
    "not_started": f"{AWARD}-ilo-2020-q1",
    "in_review": f"{AWARD}-yanapanakusun-2019-q4",
    "returned": f"{AWARD}-yanapanakusun-2019-q3",
    "submitted": f"{AWARD}-chs-chs-2019-q4",
}
WITH_SECOND_FACTOR = "chs_preparer"
ASKED = f"{AWARD}-ilo-2020-q3-performance"  # a date that was asked to fall later


@dataclass(frozen=True)
class Page:
    """An address of one route. `{draft}` and the like stand for the key of a report in that state, `{membership}` for the
    number of somebody's access, `{switched_off}` of one who may not log in. `status`: what it answers."""

    route: str
    path: str
    status: int = 200


def of_partnership(route, path="", **rest):
    return Page(route, f"{P}/{path}", **rest)


def reports(route, path, **rest):
    return of_partnership(f"reports:{route}", f"reports/{path}", **rest)


def contribution(route, path, **rest):
    return of_partnership(f"pledges:{route}", f"pledges/contributions/peru-2017-sample-contribution-02/{path}", **rest)


# What one person sees, role by role; a list also stands without rows, and a page that refuses with its refusal.
PAGES: dict[str, list[Page]] = {
    "": [
        Page("account_login", "/accounts/login/"),
        Page("account_inactive", "/accounts/inactive/"),
        Page("account_reset_password", "/accounts/password/reset/"),
        Page("account_reset_password_done", "/accounts/password/reset/done/"),
        Page("account_reset_password_from_key", "/accounts/password/reset/key/1-dead/"),
        Page("account_reset_password_from_key_done", "/accounts/password/reset/key/done/"),
        Page("accounts:invitation", "/accounts/invitation/dead/", status=410),
    ],
    "embassy_viewer": [
        of_partnership("dashboards:overview"),
        of_partnership("dashboards:overview", "?as_of=2018-06-30&known_on=2018-06-30"),
        of_partnership("dashboards:overview", "?as_of=2017-06-15"),
        of_partnership("dashboards:award", "funding/awards/peru-2017-initial/"),
        of_partnership("dashboards:award", "funding/awards/peru-2017-extension/"),
        of_partnership("dashboards:award", "funding/awards/nothing/", status=404),
        of_partnership("dashboards:statements", "statements/"),
        of_partnership("dashboards:statement", "statements/us-total-5-0/"),
        of_partnership("partners:documents", "documents/"),
        of_partnership("partners:document", "documents/embassy-2020-02-06/"),
        of_partnership("dashboards:award", "funding/awards/peru-2017-initial-chs/"),
        of_partnership("funding:list", "funding/"),
        of_partnership("funding:list", "funding/?as_of=2017-10-30"),
        of_partnership("funding:list", "funding/?measure=spent"),
        of_partnership("funding:list", "funding/?measure=disbursed&quarter=2019-Q1"),
        of_partnership("pledges:list", "pledges/"),
        of_partnership("rates:bases", "pledges/rates/"),
        of_partnership("rates:bases", "pledges/rates/?amount=1,000&stated=400&day=2020-01-05"),
        Page("rates:list", "/rates/"),
        Page("rates:list", "/rates/?kind=daily"),
        Page("dashboards:holidays", "/holidays/"),
        Page("dashboards:jobs", "/jobs/", status=403),
        Page("exports:check", "/funding/check/"),
        of_partnership("activities:list", "activities/"),
        of_partnership("activities:list", "activities/?q=nothing-is-called-so"),
        of_partnership("activities:detail", "activities/peru-2017-sample-001/"),
        of_partnership("activities:new", "activities/new/", status=403),
        of_partnership("deadlines:list", "deadlines/?status=all"),
        of_partnership("deadlines:list", "deadlines/?status=waived"),
        of_partnership("deadlines:detail", "deadlines/peru-2017-term-decision/"),
        of_partnership("deadlines:detail", f"deadlines/{REPORTS['in_review']}-performance/"),
        of_partnership("dialogues:list", "dialogues/"),
        of_partnership("dialogues:detail", "dialogues/peru-2017-dialogue-1/"),
        of_partnership("partners:list", "partners/"),
        reports("list", ""),
        reports("list", "?state=accepted&late=yes"),
        reports("detail", "{accepted}/"),
        reports("contents", "{accepted}/versions/1/"),
        reports("receipt", "{accepted}/receipt/"),
        reports("review", "{in_review}/review/", status=403),
    ],
    "grants_officer": [
        Page("approvals:inbox", "/approvals/"),
        Page("approvals:inbox", "/approvals/?decision=refused"),
        of_partnership("approvals:detail", "proposals/peru-2017-proposal-1/"),
        of_partnership("approvals:detail", "proposals/peru-2017-proposal-2/"),
    ],
    "program_officer": [
        of_partnership("approvals:new", "proposals/new/"),
        of_partnership("approvals:new", "proposals/new/?act=term,coverage,action,award,subaward,allocation,pledge,void"),
        of_partnership("approvals:detail", "proposals/peru-2017-proposal-2/"),
        of_partnership("approvals:what-if", "what-if/"),
        of_partnership("approvals:what-if", "what-if/?term_end=2023-06&award=peru-2017-initial-chs&award_end=2021-06"),
        of_partnership("approvals:what-if", "what-if/?term_end=06/2023&award_end=2021"),
        of_partnership("dashboards:statement-new", "statements/new/"),
        of_partnership("dashboards:statement-change", "statements/us-total-5-0/change/"),
        of_partnership("dashboards:statement-void", "statements/us-total-5-0/take-back/"),
        of_partnership("partners:document-new", "documents/new/"),
        of_partnership("partners:document-edit", "documents/embassy-2020-02-06/edit/"),
        of_partnership("dashboards:award-edit", "funding/awards/peru-2017-initial-chs/edit/"),
        of_partnership("activities:new", "activities/new/"),
        of_partnership("activities:edit", "activities/peru-2017-sample-001/edit/"),
        of_partnership("activities:void", "activities/peru-2017-sample-001/void/"),
        of_partnership("deadlines:list", "deadlines/?waiting=answer"),
        of_partnership("deadlines:detail", f"deadlines/{ASKED}/"),
        of_partnership("deadlines:answer", f"deadlines/{ASKED}/answer/"),
        reports("detail", "{submitted}/"),
        reports("review", "{in_review}/review/"),
        reports("reopen", "{accepted}/reopen/"),
        of_partnership("partners:people", "people/"),
        of_partnership("partners:people-invite", "people/invite/"),
        Page("accounts:profile", "/accounts/profile/"),
        Page("notices:list", "/notices/"),
        Page("notices:list", "/notices/?show=all"),
        Page("notices:unsent", "/notices/unsent/"),
        of_partnership("notices:ladder", "reminders/"),
        Page("accounts:sessions", "/accounts/sessions/"),
        Page("accounts:tokens", "/accounts/tokens/"),
        Page("calendar:page", "/accounts/calendar/"),
        Page("accounts:token-revoke", "/accounts/tokens/revoke/?name=axe"),
        Page("account_change_password", "/accounts/password/change/"),
        Page("account_reauthenticate", "/accounts/reauthenticate/"),
        Page("account_logout", "/accounts/logout/"),
        Page("mfa_index", "/accounts/2fa/"),
        Page("mfa_activate_totp", "/accounts/2fa/totp/activate/"),
    ],
    "administrator": [
        Page("rates:load", "/rates/load/"),
        Page("dashboards:holidays", "/holidays/"),
        Page("dashboards:jobs", "/jobs/"),
        of_partnership("partners:people", "people/"),
        of_partnership("partners:people-invite", "people/invite/"),
        of_partnership("partners:people-change", "people/{membership}/change/"),
        of_partnership("partners:people-end", "people/{membership}/end/"),
        of_partnership("partners:people-account", "people/{membership}/account/"),
        of_partnership("partners:people-account-off", "people/{membership}/account/switch-off/"),
        of_partnership("partners:people-account-on", "people/{switched_off}/account/switch-on/"),
        of_partnership("partners:people-account-email", "people/{membership}/account/email/"),
        of_partnership("partners:people-account-second-factor", "people/{membership}/account/second-factor/"),
        of_partnership("partners:people-tokens", "people/tokens/"),
        of_partnership("partners:people-token-revoke", "people/tokens/revoke/?name=axe-viewer"),
    ],
    "partner_certifier": [
        Page("dashboards:home", "/"),
        Page("notices:list", "/notices/?kind=date_asked"),
        of_partnership("notices:ladder", "reminders/", status=403),
        of_partnership("dashboards:overview", status=403),
        reports("list", ""),
        reports("detail", "{draft}/"),
        reports("detail", "{not_started}/"),
        reports("task", "{draft}/tasks/award/"),
        reports("task", "{draft}/tasks/indicators-1/"),
        reports("task", "{draft}/tasks/financial/"),
        reports("check", "{draft}/check/"),
        reports("submit", "{draft}/submit/"),
        reports("detail", f"{AWARD}-ilo-2020-q3/"),
        of_partnership("deadlines:detail", f"deadlines/{ASKED}/"),
        of_partnership("deadlines:ask", f"deadlines/{AWARD}-ilo-2020-q2-performance/later/"),
    ],
    "yanapanakusun_certifier": [
        Page("dashboards:home", "/"),
        reports("detail", "{returned}/"),
        reports("task", "{returned}/tasks/indicators-2/"),
        reports("task", "{returned}/tasks/summary/"),
        reports("check", "{returned}/check/"),
        reports("submit", "{returned}/submit/"),
    ],
    "chs_certifier": [reports("detail", "{submitted}/"), reports("withdraw", "{submitted}/withdraw/")],
    WITH_SECOND_FACTOR: [
        Page("mfa_index", "/accounts/2fa/"),
        Page("mfa_reauthenticate", "/accounts/2fa/reauthenticate/"),
        Page("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/"),
        Page("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/"),
        Page("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/"),
    ],
    "host_delegate": [
        of_partnership("dashboards:overview"),
        of_partnership("pledges:list", "pledges/"),
        of_partnership("pledges:list", "pledges/?entity=pe-mimp&waits_for=us"),
        of_partnership("pledges:contribution-new", "pledges/contributions/new/"),
        contribution("contribution", ""),
        contribution("contribution-replace", "replace/"),
        contribution("contribution-void", "void/"),
        contribution("contribution-dispute", "dispute/"),
        of_partnership("deadlines:list", "deadlines/"),
        reports("list", "", status=403),
    ],
}  # fmt: skip

EXCUSED = {
    "approvals:of-row": "leads from a row of the ledger to its proposal",
    "calendar:feed": "a file",
    "healthz": "one word for a machine",
    "readyz": "a few words for a machine",
    "dashboards:grid-csv": "a file",
    "partners:document-file": "a file",
    "dashboards:grid-xlsx": "a file",
    "mfa_download_recovery_codes": "a file",
    "mfa_authenticate": "stands between password and session; test_pages_behind_a_second_factor meets it",
    "account_set_password": "leads a person who has a password away",
    "api:docs": "drawn by Swagger UI; test_docs_page holds that it works and breaks no rule",
}


def is_for_programs(route: str) -> bool:
    return route.startswith("api:") and route != "api:docs"


def fill(path: str, **keys: str) -> str:
    return path.format(**REPORTS, **keys)
