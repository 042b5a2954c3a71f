"""Documents: cited, kept with their file, offered as a download to those of the partnership, changed by nobody."""

import hashlib
import re
from html import unescape

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from cpc.audit.models import AuditEvent
from partners.documents.files import LARGEST, clean_file
from partners.documents.services import add_document, edit_document, state_of
from partners.models import Document
from partners.roles import Role
from tests import factories as make

from .test_document_files import a_jpeg, a_pdf, exif

LIST = "/p/test-2017/documents/"
TYPED = {
    "title": "Media note", "publisher": "U.S. Embassy", "published": "2020-02-06", "address": "https://example.org/note",
    "language": "en", "note": "",
}  # fmt: skip


def upload(content=None, name="Media note.pdf", kind="application/pdf"):
    return {"file": SimpleUploadedFile(name, a_pdf() if content is None else content, kind), "looked_through": "on"}


def words(answer):
    text = re.sub(r"<[^>]+>", " ", unescape(answer.content.decode()))
    return re.sub(r"\s+", " ", text.replace("\xa0", " "))


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def page(login, officer, partnership):
    return login(officer)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_citation_is_kept_without_a_file(page):
    answer = page.post(f"{LIST}new/", TYPED)
    row = Document.objects.get()
    assert answer["Location"] == f"{LIST}media-note/"
    assert (row.key, row.title, str(row.published_on), row.file_name) == ("media-note", "Media note", "2020-02-06", "")
    assert AuditEvent.objects.get(act="document.added").subject_key == "media-note"
    assert "cited only" in words(page.get(LIST))
    assert page.get(f"{LIST}media-note/file/").status_code == 404


def test_a_file_is_kept_under_a_random_name_and_given_back_as_it_was(page, media):
    content = a_pdf()
    page.post(f"{LIST}new/", TYPED | upload(content, "../Media note.pdf"))
    row = Document.objects.get()
    (path,) = files_in(media)
    assert re.fullmatch(r"[0-9a-f]{32}", path.name)
    assert path.read_bytes() == content
    assert (row.file_name, row.file_type) == ("Media note.pdf", "application/pdf")
    assert row.file_sha256 == hashlib.sha256(content).hexdigest()
    answer = page.get(f"{LIST}media-note/file/")
    assert answer.getvalue() == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Media note.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"].split("; ")
    assert "private" in answer["Cache-Control"]
    text = words(page.get(f"{LIST}media-note/"))
    assert row.file_sha256 in text
    assert "not for viruses" in text


def test_the_type_comes_from_the_content_and_a_picture_loses_its_place(page, media):
    answer = page.post(f"{LIST}new/", TYPED | upload(a_jpeg(exif()), "photo.pdf", "text/html"), follow=True)
    row = Document.objects.get()
    assert (row.file_type, row.file_name) == ("image/jpeg", "photo.jpg")
    assert "What the picture said about place, time and camera was left out." in words(answer)
    assert files_in(media)[0].read_bytes() == a_jpeg()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"MZ\x90\0", "This is no PDF, PNG or JPEG file"),
        (a_pdf(b"<< /S /JavaScript >>"), "This PDF can run a program"),
        (b"", "This file is empty."),
        (b"%PDF-1.7\n" + b" " * LARGEST, "This file is larger than 10 MB."),
    ],
)
def test_an_unfit_file_is_refused_at_the_field_and_nothing_is_kept(page, media, content, says):
    for language in ("en", "es"):
        answer = page.post(f"{LIST}new/?lang={language}", TYPED | upload(content))
        assert answer.status_code == 200
        html = answer.content.decode()
        assert 'id="id_file_error"' in html
        assert 'value="U.S. Embassy"' in html
        assert says in words(answer) or language == "es"
    assert not Document.objects.exists()
    assert not files_in(media)


def test_who_adds_a_file_has_looked_through_it(page, media):
    typed = TYPED | upload()
    typed.pop("looked_through")
    assert 'id="id_looked_through_error"' in page.post(f"{LIST}new/", typed).content.decode()
    assert not files_in(media)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"), ({"publisher": "ana@example.org"}, "publisher"), ({"published": "2020-02-11"}, "published"),
        ({"published": "2020-02"}, "published"), ({"published": "yesterday"}, "published"), ({"language": "fr"}, "language"),
        ({"address": "javascript:alert(1)"}, "address"), ({"address": "ftp://example.org"}, "address"),
        ({"note": "DNI 12345678"}, "note"), ({"title": "a\x00b"}, "title"), ({"title": "x" * 301}, "title"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(page, changes, field):
    answer = page.post(f"{LIST}new/", TYPED | changes)
    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Document.objects.exists()


def test_a_name_that_may_tell_of_a_person_gives_way_to_the_title(page, media):
    page.post(f"{LIST}new/", TYPED | upload(name="DNI 12345678.pdf"))
    assert Document.objects.get().file_name == "Media note.pdf"


def test_a_citation_gets_its_file_later_and_once(page, partnership, media, viewer, login):
    make.make_document(partnership, key="note", title="Note")
    address = f"{LIST}note/"
    assert page.post(address, {"looked_through": "on"}).status_code == 200
    assert page.post(address, upload()).status_code == 302
    answer = page.post(address, upload(a_pdf(b"other")))
    assert answer.status_code == 403
    assert "a file never changes" in words(answer)
    assert len(files_in(media)) == 1
    assert login(viewer).post(address, upload()).status_code == 403


def test_two_documents_of_one_title_have_two_keys(page):
    page.post(f"{LIST}new/", TYPED)
    page.post(f"{LIST}new/", TYPED)
    assert set(Document.objects.values_list("key", flat=True)) == {"media-note", "media-note-2"}


@pytest.mark.parametrize("field", ["file", "file_name", "file_type", "file_sha256"])
def test_the_database_changes_no_file(page, media, field):
    page.post(f"{LIST}new/", TYPED | upload())
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.update(**{field: "other"})
    Document.objects.update(note="Texts of the citation can be mended.")


def test_no_file_stays_behind_where_the_row_cannot_be_saved(partnership, officer, today, media, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(Document, "save", fail)
    with pytest.raises(DatabaseError):
        add_document(
            partnership.pk, actor=officer, today=today, title="Note", publisher="State", file=clean_file(a_pdf(), "a.pdf")
        )  # fmt: skip
    assert not files_in(media)


def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_lost(page, media, monkeypatch):
    def full(storage, name, content):
        (media / "half").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    answer = page.post(f"{LIST}new/", TYPED | upload())
    assert answer.status_code == 200
    assert "The server has no room for this file now." in words(answer)
    assert 'value="Media note"' in answer.content.decode()
    assert not Document.objects.exists()


def test_a_file_that_is_missing_on_the_server_is_said_so(page, media):
    page.post(f"{LIST}new/", TYPED | upload())
    files_in(media)[0].unlink()
    assert "The file is missing on the server." in words(page.get(f"{LIST}media-note/"))
    assert page.get(f"{LIST}media-note/file/").status_code == 404


def test_the_page_names_what_was_said_in_it(page, partnership):
    note = make.make_document(partnership, key="note")
    make.make_statement(partnership, source=note)
    text = page.get(f"{LIST}note/").content.decode()
    assert "planned total" in text
    assert f'href="/p/test-2017/statements/new/?source={note.key}"' in text
    form = page.get("/p/test-2017/statements/new/?source=note").content.decode()
    assert '<option value="note" selected>' in form


# Putting a citation right


@pytest.fixture
def note(partnership):
    return make.make_document(partnership, key="note", title="Note", publisher="State", address="https://example.org/old")


def edited(page, **changes):
    address = f"{LIST}note/edit/"
    seen = re.search(r'name="seen" value="(\w+)"', page.get(address).content.decode())[1]
    return page.post(address, TYPED | {"seen": seen} | changes)


def test_a_citation_is_put_right_and_its_file_stays(page, note, media, officer):
    page.post(f"{LIST}note/", upload())
    assert edited(page, title="Media note", published="2020-02").status_code == 200  # the month is not over yet
    assert edited(page, title="Media note", published="2020-01")["Location"] == f"{LIST}note/"
    note.refresh_from_db()
    assert (note.key, note.title, note.published_precision, note.file_name) == ("note", "Media note", "month", "Media note.pdf")
    text = words(page.get(f"{LIST}note/"))
    assert f"edited by {officer}." in text
    assert "Title: from “Note” to “Media note”." in text
    assert "Published on: from “2017-06-15” to “2020-01”." in text
    assert f"its file was added by {officer}." in text


def test_a_day_can_be_taken_out_and_the_same_again_writes_nothing(page, note):
    edited(page, published="")
    note.refresh_from_db()
    assert note.published_on is None
    edited(page, published="")
    assert AuditEvent.objects.filter(act="document.edited").count() == 1


def test_the_second_of_two_edits_of_a_citation_is_shown_both(page, note, partnership, today):
    other = make.make_user(Role.PROGRAM_OFFICER, partnership, name="Another officer")
    seen = state_of(note)
    texts = {name: getattr(note, name) for name in ("title", "publisher", "address", "language", "note")}
    edit_document(note.pk, actor=other, today=today, seen=seen, published=None, **texts | {"title": "Theirs"})
    answer = page.post(f"{LIST}note/edit/", TYPED | {"seen": seen, "title": "Mine"})
    assert answer.status_code == 409
    text = words(answer)
    assert "Another officer saved it" in text
    assert "Title Mine Theirs" in text
    again = re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]
    assert page.post(f"{LIST}note/edit/", TYPED | {"seen": again, "title": "Mine"}).status_code == 302
    note.refresh_from_db()
    assert note.title == "Mine"


# Who


def test_everybody_of_the_partnership_reads_and_only_a_program_officer_adds(client, partnership, media, officer, stranger):
    client.force_login(officer)
    client.post(f"{LIST}new/", TYPED | upload())
    for role in (Role.GRANTS_OFFICER, Role.EMBASSY_VIEWER, Role.PARTNER_CERTIFIER, Role.HOST_DELEGATE, Role.ADMINISTRATOR):
        client.force_login(make.make_user(role, partnership))
        for path in ("", "media-note/", "media-note/file/"):
            assert client.get(f"{LIST}{path}").status_code == 200, (role, path)
        assert f"{LIST}new/" not in client.get(LIST).content.decode()
        assert client.get(f"{LIST}new/").status_code == 403
        assert client.post(f"{LIST}media-note/edit/", TYPED).status_code == 403
        answer = client.post(f"{LIST}new/", TYPED)
        assert answer.status_code == 403
        assert "Program officer" in words(answer)
    client.force_login(stranger)
    for path in ("", "new/", "media-note/", "media-note/file/"):
        assert client.get(f"{LIST}{path}").status_code == 404
    client.logout()
    assert "/accounts/login/" in client.get(f"{LIST}media-note/file/")["Location"]


def test_a_document_of_another_partnership_is_not_found_under_this_one(page, stranger):
    other = make.make_partnership(regions=("XB-ONE",))
    make.make_document(other, key="elsewhere")
    for path in ("elsewhere/", "elsewhere/file/", "nothing/"):
        assert page.get(f"{LIST}{path}").status_code == 404


def test_as_many_queries_for_fifty_documents_as_for_two(page, partnership, django_assert_max_num_queries):
    counts = []
    for n in (2, 48):
        for _n in range(n):
            make.make_document(partnership)
        with django_assert_max_num_queries(8) as asked:
            page.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]
