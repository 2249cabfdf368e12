from django.urls import path

from customers import converters  # noqa: F401 - registers <customer_number:…>
from customers.api import (
    checks,
    documents,
    duplicates,
    history,
    images,
    importing,
    lists,
    merging,
    requests,
    views,
    work_calendar,
)
from customers.enums import AmendmentKind

urlpatterns = [
    path("documents/parse/", views.ParseDocument.as_view(), name="api_parse_document"),
    path("identity-checks/", checks.IdentityChecks.as_view(), name="api_identity_checks"),
    path("identity-checks/owed/", checks.OwedChecks.as_view(), name="api_owed_checks"),
    path("identity-checks/<int:pk>/", checks.IdentityCheckDetail.as_view(), name="api_identity_check"),
    path("identity-checks/<int:pk>/decision/", checks.CheckDecision.as_view(), name="api_check_decision"),
    path("identity-checks/<int:pk>/certificates/", checks.Certificates.as_view(), name="api_certificates"),
    path("identity-checks/<int:pk>/police-report/", checks.PoliceReport.as_view(), name="api_police_report"),
    path("calendar/", work_calendar.WorkCalendar.as_view(), name="api_calendar"),
    path("customers/", views.Customers.as_view(), name="api_customers"),
    path("customers/imports/", importing.CustomerImports.as_view(), name="api_customer_imports"),
    path("customers/imports/<int:pk>/", importing.CustomerImportDetail.as_view(), name="api_customer_import"),
    path("customers/imports/<int:pk>/import/", importing.CustomerImportNow.as_view(), name="api_customer_import_now"),
    path(
        "customers/imports/<int:pk>/rejects/",
        importing.CustomerImportRejects.as_view(),
        name="api_customer_import_rejects",
    ),
    path("customers/expiring/", documents.ExpiringDocuments.as_view(), name="api_expiring"),
    path("customers/merge-requests/", merging.MergeRequests.as_view(), name="api_merge_requests"),
    path("customers/merge-requests/<int:pk>/undo/", merging.UndoMerge.as_view(), name="api_undo_merge"),
    path("customers/duplicates/", duplicates.Duplicates.as_view(), name="api_duplicates"),
    path("customers/duplicates/searches/", duplicates.DuplicateSearches.as_view(), name="api_duplicate_searches"),
    path("customers/duplicates/<int:pk>/dismiss/", duplicates.DismissDuplicate.as_view(), name="api_dismiss_duplicate"),
    path("customers/<customer_number:customer_number>/", views.CustomerDetail.as_view(), name="api_customer"),
    path(
        "customers/<customer_number:customer_number>/amendments/", views.CustomerAmendments.as_view(), name="api_amend"
    ),
    path("customers/<customer_number:customer_number>/history/", history.CustomerHistory.as_view(), name="api_history"),
    path("customers/lists/<slug:code>/", lists.CounterList.as_view(), name="api_list"),
    path(
        "customers/<customer_number:customer_number>/suspensions/",
        requests.StandingRequest.as_view(kind=AmendmentKind.SUSPENSION),
        name="api_suspend",
    ),
    path(
        "customers/<customer_number:customer_number>/reinstatements/",
        requests.StandingRequest.as_view(kind=AmendmentKind.REINSTATEMENT),
        name="api_reinstate",
    ),
    path(
        "customers/<customer_number:customer_number>/closures/",
        requests.StandingRequest.as_view(kind=AmendmentKind.CLOSURE),
        name="api_close",
    ),
    path(
        "customers/<customer_number:customer_number>/documents/",
        documents.CustomerDocuments.as_view(),
        name="api_customer_documents",
    ),
    path(
        "customers/<customer_number:customer_number>/postponements/",
        documents.CustomerPostponements.as_view(),
        name="api_postpone",
    ),
    path(
        "customers/<customer_number:customer_number>/images/",
        images.CustomerImages.as_view(),
        name="api_customer_images",
    ),
    path(
        "customers/<customer_number:customer_number>/images/<int:pk>/",
        images.CustomerImage.as_view(),
        name="api_customer_image",
    ),
    path("amendments/", requests.Amendments.as_view(), name="api_amendments"),
    path("amendments/<int:pk>/", requests.AmendmentDetail.as_view(), name="api_amendment"),
    path("amendments/<int:pk>/approve/", requests.ApproveAmendment.as_view(), name="api_approve"),
    path("amendments/<int:pk>/reject/", requests.RejectAmendment.as_view(), name="api_reject"),
    path("amendments/<int:pk>/withdraw/", requests.WithdrawAmendment.as_view(), name="api_withdraw"),
]
