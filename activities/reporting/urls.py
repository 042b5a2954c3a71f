from django.urls import path

from . import entry_views, review_views, task_views, views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("<slug:key>/", views.report_detail, name="detail"),
    path("<slug:key>/start/", entry_views.report_open, name="open"),
    path("<slug:key>/tasks/<slug:task>/", task_views.report_task, name="task"),
    path("<slug:key>/check/", entry_views.report_check, name="check"),
    path("<slug:key>/submit/", entry_views.report_submit, name="submit"),
    path("<slug:key>/receipt/", views.report_receipt, name="receipt"),
    path("<slug:key>/withdraw/", entry_views.report_withdraw, name="withdraw"),
    path("<slug:key>/versions/<int:number>/", views.report_contents, name="contents"),
    path("<slug:key>/review/", review_views.report_review, name="review"),
    path("<slug:key>/review/start/", review_views.report_start_review, name="start-review"),
    path("<slug:key>/review/release/", review_views.report_release, name="release-review"),
    path("<slug:key>/review/return/", review_views.report_return, name="return"),
    path("<slug:key>/review/accept/", review_views.report_accept, name="accept"),
    path("<slug:key>/reopen/", review_views.report_reopen, name="reopen"),
]
