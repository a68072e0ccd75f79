"""Routes of the rooms."""

from django.urls import path

from zones.views import leaves, moves, signatures

app_name = "zones"
urlpatterns = [
    path("moves/", moves.move_list, name="move-list"),
    path("moves/new/", moves.move_create, name="move-create"),
    path("moves/approvals/", signatures.approval_create, name="approval-create"),
    path("moves/receipts/", signatures.receipt_create, name="receipt-create"),
    path("moves/<uuid:pk>/approval/", signatures.move_approve, name="move-approve"),
    path("moves/<uuid:pk>/receipt/", signatures.move_receive, name="move-receive"),
    path("moves/<uuid:pk>/return/", signatures.move_return, name="move-return"),
    path("moves/<uuid:pk>/withdrawal/", signatures.move_withdraw, name="move-withdraw"),
    path("cases/<str:case_number>/move/", moves.proposal_create, name="proposal-create"),
    path("cases/<str:case_number>/leave/", leaves.leave_create, name="leave-create"),
    path("cases/<str:case_number>/leave/end/", leaves.leave_end, name="leave-end"),
]
