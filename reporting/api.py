"""The two operations that are the pattern for all that follow: the same scopes, the same reasons."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import APIView

from rehab import clock
from rehab.ledgers.deadlines import clocks
from rehab.models import Deadline
from rehab.permissions import Permission
from rehab.refusal import Refused
from rehab.statutes import BY_CODE
from reporting import term_input
from reporting.selectors import casefile, terms, worklist
from reporting.term_input import Reason

PER_PAGE = 100


class Step(serializers.Serializer):
    """A line of the working of a term."""

    label = serializers.CharField(help_text="这一步算什么")  # type: ignore[assignment]  # a field, as DRF has them
    article = serializers.CharField(help_text="依据")
    text = serializers.CharField(source="article.text", help_text="条文要旨")
    ends_on = serializers.DateField(help_text="算到哪一日")


class Pages(PageNumberPagination):
    """A hundred at a time."""

    page_size = PER_PAGE


def page_of(row: type[serializers.Serializer]) -> dict[str, serializers.Field]:
    """The fields of a page of rows, as `Pages` answers."""
    return {
        "count": serializers.IntegerField(help_text="共多少"),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": row(many=True),
    }


class DeadlineList(APIView):
    """Open deadlines within reach, soonest first."""

    required_permission = (Permission.API_READ,)

    class Input(serializers.Serializer):
        clock = serializers.CharField(required=False, help_text="时钟代码，如 term.expiry")
        due_before = serializers.DateTimeField(required=False, help_text="只要应办结时间早于此刻的")
        page = serializers.IntegerField(required=False, min_value=1)

        def validate_clock(self, code: str) -> str:
            if code not in clocks():
                raise serializers.ValidationError(f"没有这个时钟：{code}")
            return code

    class Output(serializers.Serializer):
        case = serializers.CharField(source="case.number", help_text="戒治档案编号")
        facility = serializers.CharField(source="facility.code", help_text="戒毒所代码")
        clock = serializers.CharField()
        label = serializers.SerializerMethodField(help_text="事项")  # type: ignore[assignment]  # as above
        cycle = serializers.CharField(help_text="轮次")
        opened_at = serializers.DateTimeField(help_text="起算")
        due_at = serializers.DateTimeField(help_text="应办结时间")
        owed_by = serializers.CharField(help_text="责任岗位的角色代码")
        article = serializers.SerializerMethodField(help_text="依据")

        def get_label(self, row: Deadline) -> str:
            return clocks()[row.clock].label

        def get_article(self, row: Deadline) -> str | None:
            return str(BY_CODE[row.article]) if row.article else None

    @extend_schema(
        operation_id="deadlines_list",
        summary="可见范围内未办结的时限",
        parameters=[Input],
        responses={200: inline_serializer("DeadlinePage", fields=page_of(Output))},
    )
    def get(self, request: Any) -> Response:
        asked = self.Input(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = worklist.open_deadlines(request.user, **_filters(asked.validated_data))
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(self.Output(page, many=True).data)


def _filters(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: asked[name] for name in ("clock", "due_before") if name in asked}


class TermExplain(APIView):
    """Why the last day of a case is what it is."""

    required_permission = (Permission.API_READ,)

    class Input(serializers.Serializer):
        case = serializers.CharField(max_length=20, help_text="戒治档案编号")

    class Output(serializers.Serializer):
        case = serializers.CharField(help_text="戒治档案编号")
        decided_on = serializers.DateField(help_text="决定日期")
        printed_ends_on = serializers.DateField(help_text="决定书载明的截止日期")
        ends_on = serializers.DateField(help_text="期满日，在所的最后一日")
        steps = Step(many=True)
        cautions = Reason(many=True, help_text="载明与推算不一致等")

    @extend_schema(
        operation_id="term_explain",
        summary="期满日的推演和依据",
        parameters=[Input],
        responses={
            200: Output,
            404: OpenApiResponse(description="可见范围内没有这份档案"),
            409: Reason(many=True),
        },
    )
    def get(self, request: Any) -> Response:
        asked = self.Input(data=request.query_params)
        asked.is_valid(raise_exception=True)
        case = get_object_or_404(casefile.pages(request.user), number=asked.validated_data["case"])
        explained = terms.explained(case, on=clock.today())
        Refused.if_any(explained.obstacles)
        shown = {
            "case": case.number,
            "decided_on": case.decision.decided_on,
            "printed_ends_on": case.decision.printed_ends_on,
            "ends_on": case.ends_on,
            "steps": explained.steps,
            "cautions": explained.cautions,
        }
        return Response(self.Output(shown).data)


class TermExplainFacts(APIView):
    """Why the last day is what it is, by facts that are sent; of no case."""

    required_permission = (Permission.API_READ,)

    @extend_schema(
        operation_id="term_explain_facts",
        summary="由所给事实推演期满日，不涉任何档案",
        request=term_input.TermFactsInput,
        responses={200: term_input.Answer, 409: Reason(many=True)},
    )
    def post(self, request: Any) -> Response:
        return Response(term_input.answer(request.data))
