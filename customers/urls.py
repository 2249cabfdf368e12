from django.urls import path

from customers import converters  # noqa: F401 - registers <customer_number:…>
from customers.views import (
    amending,
    answering,
    checking,
    checking_in_form,
    drafting,
    importing,
    looking,
    opening,
    photo,
    receipts,
    reviewing,
)

app_name = "customers"

urlpatterns = [
    path("", looking.lookup, name="lookup"),
    path("open/", opening.open_customer_form, name="open_customer"),
    path("open/with/", looking.open_with, name="open_with"),
    path("open/answer/", answering.answer, name="answer"),
    path("open/validity/", answering.validity, name="validity"),
    path("open/check/", checking_in_form.check_step, name="check_step"),
    path("drafts/", drafting.save_draft, name="save_draft"),
    path("drafts/throw-away/", drafting.throw_away, name="throw_away"),
    path("checks/", checking.check_register, name="check_register"),
    path("checks/new/", checking.check_identity_form, name="check_identity"),
    path("checks/<int:pk>/", checking.check_detail, name="check"),
    path("checks/<int:pk>/photo/", photo.check_photo, name="check_photo"),
    path("review/", reviewing.review_inbox, name="review_inbox"),
    path("review/<int:pk>/", reviewing.review, name="review"),
    path("requests/", reviewing.my_requests, name="my_requests"),
    path("receipts/", receipts.receipt_list, name="receipt_list"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>/print/", receipts.print_receipt, name="print_receipt"),
    path("imports/", importing.import_list, name="import_list"),
    path("imports/template/", importing.import_template, name="import_template"),
    path("imports/<int:pk>/", importing.import_detail, name="import"),
    path("imports/<int:pk>/now/", importing.import_now, name="import_now"),
    path("imports/<int:pk>/again/", importing.take_up_import, name="take_up_import"),
    path("imports/<int:pk>/rejects/", importing.import_rejects, name="import_rejects"),
    path("amend/", looking.amend_start, name="amend_start"),
    path("<customer_number:customer_number>/", looking.file, name="file"),
    path("<customer_number:customer_number>/history/", looking.history, name="history"),
    path("<customer_number:customer_number>/amend/", amending.amend, name="amend"),
    path("<customer_number:customer_number>/check/", checking.check_customer, name="check_customer"),
]
