from django.urls import path

from . import award, award_edit, holidays, jobs, statement_entry, statement_page, statements, views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("holidays/", holidays.holiday_list, name="holidays"),
    path("holidays/<int:pk>/take-out/", holidays.holiday_remove, name="holiday-remove"),
    path("p/<slug:partnership>/", views.overview, name="overview"),
    path("p/<slug:partnership>/funding/awards/<slug:key>/", award.award_detail, name="award"),
    path("p/<slug:partnership>/funding/awards/<slug:key>/edit/", award_edit.award_edit, name="award-edit"),
    path("p/<slug:partnership>/statements/", statements.statement_list, name="statements"),
    path("p/<slug:partnership>/statements/new/", statement_entry.statement_new, name="statement-new"),
    path("p/<slug:partnership>/statements/<slug:key>/", statement_page.statement_detail, name="statement"),
    path("p/<slug:partnership>/statements/<slug:key>/change/", statement_entry.statement_change, name="statement-change"),
    path("p/<slug:partnership>/statements/<slug:key>/take-back/", statement_entry.statement_take_back, name="statement-void"),
    path("p/<slug:partnership>/grid.csv", views.grid_file, {"wanted": "csv"}, name="grid-csv"),
    path("p/<slug:partnership>/grid.xlsx", views.grid_file, {"wanted": "xlsx"}, name="grid-xlsx"),
]
