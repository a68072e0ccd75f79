"""Routes of the ground floor's own pages: accounts, roles, and what administrators look after."""

from django.urls import path

from rehab.views import accounts

app_name = "rehab"
urlpatterns = [
    path("accounts/", accounts.account_list, name="account-list"),
    path("accounts/new/", accounts.account_create, name="account-create"),
    path("accounts/<uuid:pk>/", accounts.account_detail, name="account-detail"),
    path("accounts/<uuid:pk>/locking/", accounts.account_lock, name="account-lock"),
    path("accounts/<uuid:pk>/unlocking/", accounts.account_unlock, name="account-unlock"),
    path("accounts/<uuid:pk>/secret/", accounts.secret_reset, name="secret-reset"),
    path("accounts/<uuid:pk>/posting/end/", accounts.posting_end, name="posting-end"),
    path("postings/new/", accounts.posting_create, name="posting-create"),
    path("password/", accounts.password_change, name="password-change"),
]
