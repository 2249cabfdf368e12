from django.urls import path

from customers import converters  # noqa: F401 - registers <customer_number:…>
from tiering.views import adoption, batches, dashboard, drafting, lists, owners, policy, referrals, runs, upgrades, what_if

app_name = "tiering"

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("export/", dashboard.export_dashboard, name="export_dashboard"),
    path("customers/", lists.customer_list, name="customer_list"),
    path("customers/export/", lists.export_list, name="export_list"),
    path("customers/<customer_number:customer_number>/", owners.customer_tier, name="customer_tier"),
    path("customers/<customer_number:customer_number>/owners/", owners.set_customer_owners, name="set_customer_owners"),
    path("policy/", policy.policy, name="policy"),
    path("policy/new/", drafting.new_draft, name="new_draft"),
    path("policy/line/", drafting.draw_line, name="draw_line"),
    path("policy/<int:version>/", policy.policy, name="policy_version"),
    path("policy/<int:version>/what-if/", what_if.what_if, name="what_if"),
    path("policy/<int:version>/what-if/customers/", what_if.what_if_customers, name="what_if_customers"),
    path("policy/<int:version>/what-if/customers/export/", what_if.export_what_if, name="export_what_if"),
    path("policy/<int:version>/edit/", drafting.edit_draft, name="edit_draft"),
    path("policy/<int:version>/decide/", policy.decide_policy, name="decide_policy"),
    path("runs/", runs.run_list, name="run_list"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/again/", runs.load_run_again, name="load_run_again"),
    path("runs/<int:pk>/rejects/", runs.run_rejects, name="run_rejects"),
    path("adoption/", adoption.adoption, name="adoption"),
    path("adoption/file/", adoption.adoption_file, name="adoption_file"),
    path("adoption/pool/", adoption.claim_pool, name="claim_pool"),
    path("adoption/pool/claim/", adoption.claim_customers, name="claim_customers"),
    path("adoption/batches/", batches.batch_list, name="batch_list"),
    path("adoption/batches/<int:pk>/", batches.batch, name="batch"),
    path("adoption/batches/<int:pk>/apply/", batches.apply_owner_batch, name="apply_batch"),
    path("adoption/batches/<int:pk>/discard/", batches.discard_owner_batch, name="discard_batch"),
    path("adoption/batches/<int:pk>/rejects/", batches.batch_rejects, name="batch_rejects"),
    path("adoption/batches/<int:pk>/export/", batches.export_batch, name="export_batch"),
    path("upgrades/", upgrades.upgrade_list, name="upgrade_list"),
    path("upgrades/export/", upgrades.export_upgrades, name="export_upgrades"),
    path("upgrades/<int:pk>/", upgrades.upgrade_choice, name="upgrade_choice"),
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<int:pk>/end/", referrals.end_customer_referral, name="end_referral"),
    path("customers/<customer_number:customer_number>/referrals/", referrals.refer_specialist, name="refer_specialist"),
]
