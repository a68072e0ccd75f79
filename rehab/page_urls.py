"""Routes of the ground floor's own pages: accounts, roles, and what administrators look after."""

from django.urls import path

from rehab.views import accounts, audit, delegations, factors, merging, provincial, roles

app_name = "rehab"
urlpatterns = [
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/new/", accounts.account_create, name="account-create"),
    path("accounts/<uuid:pk>/", accounts.account_detail, name="account-detail"),
    path("accounts/<uuid:pk>/locking/", accounts.account_lock, name="account-lock"),
    path("accounts/<uuid:pk>/unlocking/", accounts.account_unlock, name="account-unlock"),
    path("accounts/<uuid:pk>/secret/", accounts.secret_reset, name="secret-reset"),
    path("accounts/<uuid:pk>/second-factor/", factors.factor_reset, name="factor-reset"),
    path("accounts/<uuid:pk>/posting/end/", accounts.posting_end, name="posting-end"),
    path("postings/new/", accounts.posting_create, name="posting-create"),
    path("accounts/<uuid:pk>/grants/new/", roles.grant_create, name="grant-create"),
    path("grants/<slug:key>/end/", roles.grant_end, name="grant-end"),
    path("roles/", roles.role_list, name="role-list"),
    path("roles/new/", roles.role_create, name="role-create"),
    path("roles/<slug:code>/", roles.role_shape, name="role-shape"),
    path("delegations/", delegations.delegation_list, name="delegation-list"),
    path("delegations/new/", delegations.delegation_create, name="delegation-create"),
    path("delegations/<uuid:pk>/end/", delegations.delegation_end, name="delegation-end"),
    path("audit/accesses/", audit.access_list, name="access-list"),
    path("audit/takings/", audit.taking_list, name="taking-list"),
    path("audit/acts/", audit.act_list, name="act-list"),
    path("merges/", merging.merge_list, name="merge-list"),
    path("merges/<uuid:pk>/", merging.merge_detail, name="merge-detail"),
    path("merges/<uuid:pk>/preview/", merging.merge_preview, name="merge-preview"),
    path("merges/<uuid:pk>/confirmation/", merging.merge_confirm, name="merge-confirm"),
    path("merges/<uuid:pk>/return/", merging.merge_return, name="merge-return"),
    path("merges/<uuid:pk>/withdrawal/", merging.merge_withdraw, name="merge-withdraw"),
    path("merges/<uuid:pk>/undoing/", merging.merge_undo, name="merge-undo"),
    path("cases/<str:number>/merge/", merging.merge_create, name="merge-create"),
    path("password/", accounts.password_change, name="password-change"),
    path("second-factor/", factors.factor_set, name="factor-set"),
    path("rules/", provincial.rule_list, name="rule-list"),
    path("rules/<slug:code>/new/", provincial.rule_create, name="rule-create"),
    path("rules/<uuid:pk>/", provincial.rule_detail, name="rule-detail"),
    path("rules/<uuid:pk>/preview/", provincial.rule_preview, name="rule-preview"),
    path("rules/<uuid:pk>/confirmation/", provincial.rule_confirm, name="rule-confirm"),
    path("rules/<uuid:pk>/return/", provincial.rule_return, name="rule-return"),
    path("rules/<uuid:pk>/withdrawal/", provincial.rule_withdraw, name="rule-withdraw"),
]
