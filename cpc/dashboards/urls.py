from django.urls import path

from . import award, jobs, statements, views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("p/<slug:partnership>/", views.overview, name="overview"),
    path("p/<slug:partnership>/funding/awards/<slug:key>/", award.award_detail, name="award"),
    path("p/<slug:partnership>/statements/", statements.statement_list, name="statements"),
    path("p/<slug:partnership>/grid.csv", views.grid_file, {"wanted": "csv"}, name="grid-csv"),
    path("p/<slug:partnership>/grid.xlsx", views.grid_file, {"wanted": "xlsx"}, name="grid-xlsx"),
]
