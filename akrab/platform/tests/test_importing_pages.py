"""The upload page: look, decide, check, import, see the result."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from akrab.platform.bulk import fetch
from akrab.platform.filing import located
from akrab.platform.importing.progress import Progress
from akrab.platform.jobs import run_queued_import
from akrab.platform.models import Import, JournalEntry, User

pytestmark = pytest.mark.django_db

SALES = "number;date;sku;qty;price\nN1;2026-03-01 10:00;KOPI;2;18000\nN2;2026-03-01 11:30;TEH;x;12000\n"
CHOICES = {
    "column.number": "receipt", "column.date": "date", "column.sku": "sku", "column.qty": "quantity",
    "column.price": "price", "setting.branch": "kemang", "setting.currency": "IDR", "mode": "upsert",
}  # fmt: skip


def sign_in(role: str = "manager") -> Client:
    client = Client()
    client.force_login(User.objects.create(email=f"{role}@example.com", name=role, role=role))
    return client


def upload(client: Client, content: str = SALES, name: str = "sales.csv", **more: str):
    file = SimpleUploadedFile(name, content.encode())
    return client.post(reverse("platform:imports"), {"kind": "receipts", "preset": "", "file": file, **more})


def work(run: Import) -> Import:
    """What the worker does with a queued import."""
    run_queued_import(import_id=str(run.pk), user_id=str(User.objects.get().pk))
    run.refresh_from_db()
    return run


def test_an_upload_shows_columns_examples_and_first_rows():
    client = sign_in()

    response = upload(client)
    run = Import.objects.get()
    text = client.get(response["Location"]).content.decode()

    assert (response.status_code, run.status, run.file_name) == (303, "draft", "sales.csv")
    for said in ("KOPI · TEH", "semicolon", "2026-03-01 10:00", 'name="column.price"'):
        assert said in text


def test_a_check_keeps_nothing_and_the_start_after_it_does():
    client = sign_in()
    upload(client)
    run = Import.objects.get()

    response = client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "check"})
    work(run)

    assert response.status_code == 303
    assert (run.status, run.dry_run, run.created, run.errors) == ("done", True, 1, 1)
    assert fetch("SELECT count(*) FROM commerce_receipt")[0][0] == 0
    text = client.get(reverse("platform:import", args=[run.pk])).content.decode()
    assert "Checked: nothing was kept." in text
    client.post(reverse("platform:import_copy", args=[run.pk]), {"then": "start"})
    second = work(Import.objects.exclude(pk=run.pk).get())
    assert (second.status, second.created, second.errors) == ("done", 1, 1)
    assert fetch("SELECT count(*) FROM commerce_receipt")[0][0] == 1


@pytest.mark.parametrize(("quantity", "first"), [("x", "Change the choices"), ("1", "Start the import")])
def test_the_start_is_the_next_step_only_when_a_row_can_be_taken(quantity, first):
    client = sign_in()
    upload(client, SALES.replace("KOPI;2;", f"KOPI;{quantity};"))
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "check"})
    work(run)

    text = client.get(reverse("platform:import", args=[run.pk])).content.decode()

    section = text[text.index(f'id="import-{run.pk}"') :].split("</section>")[0]
    assert (run.errors == run.total_rows) is (quantity == "x")
    assert [part.split("<span")[0].split("</svg>")[-1].strip() for part in section.split("btn-primary")[1:]] == [first]


def test_the_rows_with_errors_can_be_downloaded():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    work(run)

    response = client.get(reverse("platform:import_errors", args=[run.pk]))

    body = b"".join(response).decode("utf-8-sig")
    assert response["Content-Disposition"] == 'attachment; filename="sales-errors.csv"'
    assert "“x” is not a number." in body


def test_a_question_must_be_answered_before_anything_starts():
    client = sign_in()
    upload(client, SALES.replace("2026-03-01", "01/03/2026"))
    run = Import.objects.get()
    page = reverse("platform:import", args=[run.pk])

    refused = client.post(page, {**CHOICES, "then": "start"})
    run.refresh_from_db()

    assert (refused.status_code, run.status) == (422, "draft")
    assert "How are the dates written in the column date?" in refused.content.decode()
    answered = client.post(page, {**CHOICES, "answer.column_dates.date": "day_first", "then": "start"})
    assert answered.status_code == 303
    assert work(run).created == 1


def test_an_impossible_date_does_not_keep_the_date_order_from_being_asked():
    client = sign_in()
    upload(client, SALES.replace("2026-03-01", "01/03/2026") + "N3;31/02/2026 10:00;KOPI;1;18000\n")
    run = Import.objects.get()
    page = reverse("platform:import", args=[run.pk])

    refused = client.post(page, {**CHOICES, "then": "start"})
    client.post(page, {**CHOICES, "answer.column_dates.date": "day_first", "then": "start"})

    assert (refused.status_code, "How are the dates written in the column date?" in refused.content.decode()) == (422, True)
    assert (work(run).created, run.errors) == (1, 2)


def test_the_date_order_and_the_decimal_sign_can_always_be_chosen_and_changed():
    client = sign_in()
    upload(client, SALES.replace("2026-03-01", "01/03/2026"))
    run = Import.objects.get()
    page = reverse("platform:import", args=[run.pk])

    client.post(page, {**CHOICES, "answer.column_dates.date": "month_first", "answer.dates": "", "answer.numbers": ""})
    chosen = client.post(page, {**CHOICES, "answer.dates": "day_first", "answer.numbers": "comma"}).content.decode()
    run.refresh_from_db()
    kept = run.mapping["reading"]
    client.post(page, {**CHOICES, "answer.dates": "", "answer.numbers": ""})
    run.refresh_from_db()

    assert '<option value="day_first" selected>The day comes first: 31/12/2025</option>' in chosen
    assert '<option value="comma" selected>The comma is the decimal sign: 1.250,50</option>' in chosen
    assert kept == {"dates": "day_first", "numbers": "comma"}
    assert run.mapping["reading"] == {}


def test_a_file_that_is_no_table_is_refused_with_a_sentence():
    response = upload(sign_in(), "\x00\x01", "empty.bin")

    assert response.status_code == 422
    assert Import.objects.filter(status="done").count() == 0


def test_progress_is_a_fragment_that_asks_again_while_it_runs():
    client = sign_in()
    run = Import.objects.create(
        kind="receipts",
        file_name="a.csv",
        file_path="a.csv",
        status="running",
        stage="taking",
        done_rows=40,
        total_rows=100,
        by_id="1",
        by_label="Ann",
    )

    with Progress(run.pk):
        text = client.get(reverse("platform:import_progress", args=[run.pk])).content.decode()

    assert 'max="100"' in text
    assert "platform.import_progressed from:body" in text
    with Progress(run.pk):
        client.post(reverse("platform:import_run", args=[run.pk]), {"_method": "delete"})
    run.refresh_from_db()
    assert (run.cancel_asked, run.status) == (True, "running")


@pytest.mark.parametrize("role", ["staff", "analyst", "readonly"])
def test_people_without_the_right_see_no_imports(role):
    client = sign_in(role)

    assert client.get(reverse("platform:imports")).status_code == 403
    assert upload(client).status_code in {403, 422}
    assert Import.objects.count() == 0


def test_settings_are_lists_of_words_with_the_companys_own_chosen():
    client = sign_in()
    fetch(
        "INSERT INTO commerce_branch (id, code, name, channel, zone, city, is_active, version, changed_xid) "
        "VALUES (gen_random_uuid(), 'kmg', 'Kemang', 'store', 'Asia/Jakarta', '', true, 1, 0)"
    )
    upload(client)

    text = client.get(reverse("platform:import", args=[Import.objects.get().pk])).content.decode()

    for said in (
        '<option value="kmg">Kemang (kmg)</option>',
        '<option value="IDR" selected>Indonesian Rupiah (IDR)</option>',
        '<option value="Asia/Jakarta" selected>Western Indonesia (WIB)</option>',
        '<option value="marketplace">Marketplace</option>',
        '<option value="yes" selected>Yes, they include tax</option>',
        "Text table (CSV)",
    ):
        assert said in text
    assert text.index('<summary class="cursor-pointer font-medium py-1">Advanced') < text.index('name="setting.zone"')


def test_a_new_branch_is_typed_and_opened_with_its_name():
    client = sign_in()
    upload(client)
    run = Import.objects.get()

    more = {"setting.branch": "", "new.branch": "bdg", "setting.branch_name": "Bandung"}
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, **more, "then": "start"})

    assert work(run).created == 1
    assert fetch("SELECT code, name FROM commerce_branch") == [("bdg", "Bandung")]


def test_the_result_names_row_column_and_reason_in_the_readers_language():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    work(run)
    User.objects.update(language="id")

    text = client.get(reverse("platform:import", args=[run.pk])).content.decode()
    download = b"".join(client.get(reverse("platform:import_errors", args=[run.pk]))).decode("utf-8-sig")

    assert '<td class="num">3</td><td>qty</td><td class="whitespace-normal">“x” bukan angka.</td>' in text
    assert reverse("platform:import_errors", args=[run.pk]) in text
    assert download.splitlines()[0] == "number;date;sku;qty;price;Alasan"
    assert "“x” bukan angka." in download


def test_an_uploaded_file_is_found_wherever_the_shared_folder_is_mounted(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "here"
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    settings.FILES_ROOT = (tmp_path / "here").rename(tmp_path / "there")

    work(run)

    assert (run.status, run.created, run.errors) == ("done", 1, 1)
    assert sorted(part.parent.as_posix() for part in (Path(run.file_path), Path(run.error_file))) == ["imports", "imports"]
    assert client.get(reverse("platform:import_errors", args=[run.pk])).status_code == 200


def test_why_an_import_could_not_run_is_told_in_the_readers_language():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    located(run.file_path).unlink()
    work(run)

    english = client.get(reverse("platform:import", args=[run.pk])).content.decode()
    User.objects.update(language="id")
    indonesian = client.get(reverse("platform:import", args=[run.pk])).content.decode()

    assert run.status == "failed"
    assert f"{located(run.file_path)} does not exist." in english
    assert f"{located(run.file_path)} tidak ada." in indonesian


def test_an_import_of_the_command_line_is_told_in_the_readers_language():
    client = sign_in()
    User.objects.update(language="id")
    Import.objects.create(kind="receipts", file_name="a.csv", file_path="a.csv", by_id="command", by_label="Command line")

    text = client.get(reverse("platform:imports")).content.decode()

    assert "Baris perintah" in text
    assert "Command line" not in text
    assert "Struk" in text


def test_an_import_that_lost_its_process_is_shown_as_stopped_and_runs_again():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    Import.objects.update(status="running")

    page = client.get(reverse("platform:import", args=[run.pk])).content.decode()
    listed = client.get(reverse("platform:imports")).content.decode()
    client.post(reverse("platform:import_run", args=[run.pk]))

    assert "The import stopped before its end." in page
    assert "Stopped" in listed
    assert (work(run).status, run.created, run.errors) == ("done", 1, 1)


WITH_BRANCH = "number;date;sku;qty;price;cabang\nN1;2026-03-01 10:00;KOPI;2;18000;kemang\nN2;2026-03-01 11:30;TEH;1;12000;kmg\n"
IN_BRANCH = {**CHOICES, "column.cabang": "branch", "setting.branch": ""}


def open_kemang() -> None:
    fetch(
        "INSERT INTO commerce_branch (id, code, name, channel, zone, city, is_active, version, changed_xid) "
        "VALUES (gen_random_uuid(), 'kmg', 'Kemang', 'store', 'Asia/Jakarta', '', true, 1, 0)"
    )


def test_a_check_says_what_would_be_new_and_a_new_branch_is_confirmed():
    client = sign_in()
    open_kemang()
    upload(client, WITH_BRANCH)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**IN_BRANCH, "setting.new_branches": "ask", "then": "check"})
    work(run)

    text = client.get(reverse("platform:import", args=[run.pk])).content.decode()
    client.post(reverse("platform:import_copy", args=[run.pk]), {"then": "start", "setting.new_branches": "open"})
    second = work(Import.objects.exclude(pk=run.pk).get())
    done = client.get(reverse("platform:import", args=[second.pk])).content.decode()

    for said in (
        "<dt>Branches that would be opened</dt><dd>kemang</dd>",
        "<dt>New products</dt><dd>2</dd>",
        '<input type="checkbox" class="checkbox checkbox-sm mt-1" name="setting.new_branches" value="open" required>',
        "Open the new branches: kemang",
    ):
        assert said in text
    assert text.count("Start the import") == 1
    assert (second.status, second.created, "<dt>Branches opened</dt><dd>kemang</dd>" in done) == ("done", 2, True)
    assert sorted(row[0] for row in fetch("SELECT code FROM commerce_branch")) == ["kemang", "kmg"]


def test_a_start_that_would_open_a_branch_unasked_keeps_nothing_and_asks():
    client = sign_in()
    open_kemang()
    upload(client, WITH_BRANCH)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**IN_BRANCH, "then": "start"})
    work(run)

    text = client.get(reverse("platform:import", args=[run.pk])).content.decode()

    assert run.status == "failed"
    assert "There are no branches with these codes yet: kemang. Say below that they are to be opened" in text
    assert "Open the new branches: kemang" in text
    assert fetch("SELECT code FROM commerce_branch") == [("kmg",)]
    assert fetch("SELECT count(*) FROM commerce_receipt")[0][0] == 0


def test_whoever_says_so_before_is_not_asked_about_new_branches():
    client = sign_in()
    upload(client, WITH_BRANCH)
    run = Import.objects.get()

    page = client.get(reverse("platform:import", args=[run.pk])).content.decode()
    client.post(reverse("platform:import", args=[run.pk]), {**IN_BRANCH, "setting.new_branches": "open", "then": "start"})

    assert '<option value="ask" selected>Ask me first</option>' in page
    assert (work(run).status, run.created) == ("done", 2)


def test_a_check_speaks_of_what_would_be():
    client = sign_in()
    run = Import.objects.create(
        kind="receipts", file_name="a.csv", file_path="a.csv", status="running", stage="taking", dry_run=True, done_rows=0,
        total_rows=8, by_id="1", by_label="Ann",
    )  # fmt: skip

    with Progress(run.pk):
        running = client.get(reverse("platform:import_progress", args=[run.pk])).content.decode()
    Import.objects.update(status="done", stage="", done_rows=8, created=6)
    done = client.get(reverse("platform:import_progress", args=[run.pk])).content.decode()

    assert ("Checking rows" in running, "Taking rows" in running) == (True, False)
    assert all(">Created<" not in text and "Would be created" in text for text in (running, done))


def test_the_result_offers_the_undo_as_soon_as_the_work_is_done():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    progress = reverse("platform:import_progress", args=[run.pk])

    before = client.get(progress).content.decode()
    work(run)

    assert "Undo this import" not in before
    assert reverse("platform:import_undo", args=[run.pk]) in client.get(progress).content.decode()


def test_an_undone_import_is_shown_as_taken_back_and_what_stays_is_named():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    page = reverse("platform:import", args=[run.pk])
    client.post(page, {**CHOICES, "then": "start"})
    work(run)
    upload(client, "number;date;sku;qty;price\nN9;2026-03-02 10:00;SUSU;2;18000\n", "more.csv")
    other = Import.objects.latest("created_at")
    client.post(reverse("platform:import", args=[other.pk]), {**CHOICES, "then": "start"})
    work(other)

    client.post(reverse("platform:import_undo", args=[run.pk]))
    text = client.get(page).content.decode()
    listed = client.get(reverse("platform:imports")).content.decode()
    upload(client)
    draft = client.get(reverse("platform:import", args=[Import.objects.latest("created_at").pk])).content.decode()

    assert "Branch kemang: in use elsewhere now." in text
    assert "This import was taken back." in text
    assert "Created, now taken back" in text
    for gone in ("The import is done.", "tone-success", "Undo this import"):
        assert gone not in text
    assert "Taken back" in listed
    assert "This file was imported before." not in draft


def test_an_import_that_was_done_again_is_no_longer_taken_back():
    client = sign_in()
    (product,) = ["sku,name,price,currency\nKOPI,Kopi,18000,IDR\n"]
    client.post(reverse("platform:imports"), {"kind": "products", "file": SimpleUploadedFile("p.csv", product.encode())})
    run = Import.objects.get()
    page = reverse("platform:import", args=[run.pk])
    client.post(page, {"column.sku": "sku", "column.name": "name", "column.price": "price", "mode": "upsert", "then": "start"})
    work(run)
    client.post(reverse("platform:import_undo", args=[run.pk]))

    taken_back = client.get(page).content.decode()
    client.post(reverse("platform:change_undo", args=[JournalEntry.objects.get(depth=1).pk]))
    again = client.get(page).content.decode()

    assert "This import was taken back." in taken_back
    assert ("This import was taken back." in again, "The import is done." in again) == (False, True)


def test_the_error_file_comes_back_as_mine_was_and_is_imported_with_the_choices_of_the_first_import():
    client = sign_in()
    asked = SALES.replace("2026-03-01", "01/03/2026").replace("number;", "No;") + "N3;02/03/2026 10:00;SUSU;-1;18000\n"
    upload(client, asked)
    run = Import.objects.get()
    choices = {**CHOICES, "column.No": "receipt", "answer.column_dates.date": "day_first", "then": "start"}
    client.post(
        reverse("platform:import", args=[run.pk]), {key: value for key, value in choices.items() if key != "column.number"}
    )
    work(run)
    file = b"".join(client.get(reverse("platform:import_errors", args=[run.pk])))

    upload(client, file.decode().replace(";x;", ";3;"), "sales-errors.csv")
    second = Import.objects.latest("created_at")
    page = client.get(reverse("platform:import", args=[second.pk])).content.decode()
    client.post(reverse("platform:import", args=[second.pk]), {**choices, "column.number": "", "setting.new_branches": "ask"})

    assert file.decode() == ("No;date;sku;qty;price;Reason\r\nN2;01/03/2026 11:30;TEH;x;12000;qty: “x” is not a number.\r\n")
    assert second.mapping["reading"] == {"column_dates": {"date": "day_first"}}
    assert second.mapping["settings"] | {"branch": "kemang", "new_branches": "ask"} == second.mapping["settings"]
    assert "How are the dates written" not in page
    assert '<option value="" selected>leave out</option>' in page[page.index('name="column.Reason"') :].split("</select>")[0]
    work(second)
    assert (second.status, second.created, second.errors) == ("done", 1, 0)


def test_the_reasons_of_an_error_file_give_way_to_new_ones():
    client = sign_in()
    upload(client, SALES.replace("price\n", "price;Alasan\n").replace("00\n", "00;before\n"))
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "then": "start"})
    work(run)

    file = b"".join(client.get(reverse("platform:import_errors", args=[run.pk]))).decode()

    assert file.splitlines() == [
        "number;date;sku;qty;price;Reason",
        "N2;2026-03-01 11:30;TEH;x;12000;qty: “x” is not a number.",
    ]


def test_changing_the_choices_of_an_import_begins_with_them():
    client = sign_in()
    upload(client)
    run = Import.objects.get()
    client.post(reverse("platform:import", args=[run.pk]), {**CHOICES, "column.sku": "product", "then": "check"})
    work(run)

    page = client.get(client.post(reverse("platform:import_copy", args=[run.pk]))["Location"]).content.decode()

    assert '<option value="product" selected>' in page[page.index('name="column.sku"') :].split("</select>")[0]
