from django.urls import path

from . import views

urlpatterns = [
    path("", views.document_list, name="documents"),
    path("new/", views.document_new, name="document-new"),
    path("<slug:key>/", views.document_detail, name="document"),
    path("<slug:key>/edit/", views.document_edit, name="document-edit"),
    path("<slug:key>/file/", views.document_file, name="document-file"),
]
