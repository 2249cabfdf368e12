from django.urls import path

from customers import converters  # noqa: F401 - registers <customer_number:…>
from tiering.api import batches, policies, rollout, rosters, runs, upgrades, views, what_if

urlpatterns = [
    path("tiering/evaluate/", views.Evaluate.as_view(), name="api_evaluate"),
    path("tiering/dashboard/", views.Dashboard.as_view(), name="api_dashboard"),
    path("tiering/policies/", policies.Policies.as_view(), name="api_policies"),
    path("tiering/policies/<int:version>/", policies.PolicyDetail.as_view(), name="api_policy"),
    path("tiering/policies/<int:version>/submit/", policies.SubmitPolicy.as_view(), name="api_submit_policy"),
    path("tiering/policies/<int:version>/approve/", policies.ApprovePolicy.as_view(), name="api_approve_policy"),
    path("tiering/policies/<int:version>/return/", policies.ReturnPolicy.as_view(), name="api_return_policy"),
    path("tiering/policies/<int:version>/what-if/", what_if.WhatIfView.as_view(), name="api_what_if"),
    path(
        "tiering/policies/<int:version>/what-if/customers/",
        what_if.WhatIfCustomers.as_view(),
        name="api_what_if_customers",
    ),
    path("tiering/branches/<slug:code>/roster/", rosters.Roster.as_view(), name="api_roster"),
    path("tiering/rollout/", rollout.Rollouts.as_view(), name="api_rollouts"),
    path("tiering/branches/<slug:code>/rollout/", rollout.BranchRollout.as_view(), name="api_rollout"),
    path(
        "tiering/branches/<slug:code>/rollout/<int:step>/done/",
        rollout.StepDone.as_view(),
        name="api_rollout_step_done",
    ),
    path(
        "tiering/branches/<slug:code>/rollout/<int:step>/undo/",
        rollout.StepUndone.as_view(),
        name="api_rollout_step_undone",
    ),
    path("customers/<customer_number:customer_number>/tier/", views.CustomerTier.as_view(), name="api_customer_tier"),
    path("customers/<customer_number:customer_number>/owners/", views.CustomerOwners.as_view(), name="api_owners"),
    path("tiering/snapshots/", runs.Snapshots.as_view(), name="api_snapshots"),
    path("tiering/runs/", runs.Runs.as_view(), name="api_runs"),
    path("tiering/runs/<int:pk>/", runs.Run.as_view(), name="api_run"),
    path("tiering/runs/<int:pk>/rejects/", runs.RunRejects.as_view(), name="api_run_rejects"),
    path("tiering/owner-batches/", batches.OwnerBatches.as_view(), name="api_owner_batches"),
    path("tiering/owner-batches/<int:pk>/", batches.OwnerBatchDetail.as_view(), name="api_owner_batch"),
    path("tiering/owner-batches/<int:pk>/apply/", batches.OwnerBatchApply.as_view(), name="api_apply_batch"),
    path("tiering/owner-batches/<int:pk>/discard/", batches.OwnerBatchDiscard.as_view(), name="api_discard_batch"),
    path("tiering/upgrade-cases/", upgrades.UpgradeCases.as_view(), name="api_upgrade_cases"),
    path("tiering/upgrade-cases/<int:pk>/choice/", upgrades.UpgradeChoice.as_view(), name="api_upgrade_choice"),
    path("tiering/referrals/<int:pk>/end/", upgrades.ReferralEnd.as_view(), name="api_end_referral"),
    path("customers/<customer_number:customer_number>/claim/", upgrades.CustomerClaim.as_view(), name="api_claim"),
    path(
        "customers/<customer_number:customer_number>/referrals/",
        upgrades.CustomerReferrals.as_view(),
        name="api_referrals",
    ),
]
