"""Routes of the rooms."""

from django.urls import path

from zones.views import (
    apart,
    asks,
    beds,
    leaves,
    moves,
    musters,
    outings,
    papers,
    rolls,
    signatures,
    units,
)

app_name = "zones"
urlpatterns = [
    path("roll/", rolls.roll_detail, name="roll-detail"),
    path("roll/records/", musters.muster_list, name="muster-list"),
    path("roll/records/new/", musters.muster_create, name="muster-create"),
    path("roll/records/<uuid:pk>/", musters.muster_detail, name="muster-detail"),
    path("roll/records/<uuid:pk>/correction/", musters.muster_correct, name="muster-correct"),
    path("moves/", moves.move_list, name="move-list"),
    path("moves/new/", moves.move_create, name="move-create"),
    path("moves/approvals/", signatures.approval_create, name="approval-create"),
    path("moves/receipts/", signatures.receipt_create, name="receipt-create"),
    path("moves/handovers/", papers.handover_print, name="handover-print"),
    path("moves/<uuid:pk>/approval/", signatures.move_approve, name="move-approve"),
    path("moves/<uuid:pk>/receipt/", signatures.move_receive, name="move-receive"),
    path("moves/<uuid:pk>/return/", signatures.move_return, name="move-return"),
    path("moves/<uuid:pk>/withdrawal/", signatures.move_withdraw, name="move-withdraw"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/new/", units.unit_create, name="unit-create"),
    path("units/<uuid:pk>/", units.unit_detail, name="unit-detail"),
    path("units/<uuid:pk>/squads/new/", units.squad_create, name="squad-create"),
    path("units/<uuid:pk>/closing/", units.unit_close, name="unit-close"),
    path("units/<uuid:pk>/rooms/new/", units.room_create, name="room-create"),
    path("units/<uuid:pk>/beds/closing/", units.bed_close, name="bed-close"),
    path("units/<uuid:pk>/beds/reopening/", units.bed_reopen, name="bed-reopen"),
    path("rooms/<uuid:pk>/beds/new/", units.bed_create, name="bed-create"),
    path("cases/<str:case_number>/move/", moves.proposal_create, name="proposal-create"),
    path("cases/<str:case_number>/apart/", apart.apart_create, name="apart-create"),
    path("cases/<str:case_number>/apart/end/", apart.apart_end, name="apart-end"),
    path("cases/<str:case_number>/bed/", beds.bed_change, name="bed-change"),
    path("cases/<str:case_number>/asks/", asks.ask_create, name="ask-create"),
    path("cases/<str:case_number>/outing/new/", outings.outing_create, name="outing-create"),
    path("cases/<str:case_number>/outing/", outings.outing_detail, name="outing-detail"),
    path("cases/<str:case_number>/leave/", leaves.leave_create, name="leave-create"),
]
