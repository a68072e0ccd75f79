"""What `/ui/` shows: every component in every state, on invented facts and a fixed day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

from rehab import clock, statutes
from rehab.changing import ChangeForm
from rehab.forms import DayField, HouseForm, MomentField
from rehab.models import User
from rehab.refusal import Caution, Obstacle
from rehab.states import Stage
from reporting import gallery_lists
from reporting.term_bar import Milestone, Stay, term_bar

TODAY = date(2026, 11, 21)


class SampleForm(HouseForm):
    """One field of each kind."""

    name = forms.CharField(label="姓名", max_length=50)
    decided_on = DayField(label="决定日期", help_text="以决定书所载为准")
    happened_at = MomentField(label="发生时间", required=False)
    sex = forms.ChoiceField(label="性别", choices=[("", "请选择"), ("1", "男"), ("2", "女")])
    months = forms.IntegerField(label="公安执行天数", min_value=0, max_value=365)
    outcome = forms.ChoiceField(
        label="结果",
        choices=[("accepted", "同意接收"), ("deferred", "暂不接收"), ("refused", "不予接收")],
        widget=forms.RadioSelect,
    )
    papers = forms.MultipleChoiceField(
        label="已收文书",
        choices=[("decision", "决定书"), ("notice", "家属通知书"), ("health", "健康检查表")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))
    scan = forms.FileField(label="附件", required=False)
    read = forms.BooleanField(label="已当面核对本人与文书")


class SampleChangeForm(ChangeForm):
    """What two officers changed at once."""

    duty_phone = forms.CharField(label="值班电话")
    beds = forms.IntegerField(label="床位数")


def overtaken() -> SampleChangeForm:
    """A form that a colleague was faster with."""
    opened = SampleChangeForm(now={"duty_phone": "0000-1111111", "beds": 40}).opened
    form = SampleChangeForm(
        {"duty_phone": "0000-2222222", "beds": "40", "opened": opened},
        now={"duty_phone": "0000-3333333", "beds": 44},
        by={"duty_phone": "示例甲 11-21 10:32", "beds": "示例甲 11-21 10:32"},
    )
    form.is_valid()
    return form


class FilterForm(HouseForm):
    """The filters above a list."""

    stage = forms.ChoiceField(
        label="所在区", choices=[("", "全部"), *((s, s.zone_label) for s in Stage)], required=False
    )
    since = DayField(label="自", required=False)


@dataclass(frozen=True)
class Todo:
    """A row of the worklist."""

    due_at: date
    opens_on: date | None
    act: str
    person: str
    number: str
    stage: Stage
    article: str
    button: str


@dataclass(frozen=True)
class WhyStep:
    """A step of a date's working."""

    label: str
    article: statutes.Article
    ends_on: date


def examples(user: User) -> dict[str, Any]:
    """The context of the gallery."""
    faulty = {
        "name": "甲" * 60,
        "decided_on": "2026-13-40",
        "sex": "9",
        "months": "十二",
        "outcome": "",
        "reason": "",
    }
    return {
        "today": TODAY,
        "stages": list(Stage),
        "obstacles": (
            Obstacle("执行未满一年，2026-12-01 起可提出", statutes.EARLY_RELEASE),
            Obstacle("诊断评估结论尚未由两人签署"),
        ),
        "cautions": (
            Caution("injury", "体表有伤，移送人未签字", statutes.ENTRY_INJURY),
            Caution("printed_end", "决定书所载期满日与推算相差 1 天，以决定书为准"),
        ),
        "empty_form": SampleForm(),
        "faulty_form": SampleForm(faulty),
        "overtaken_form": overtaken(),
        "kept_draft": {"restored_at": datetime(2026, 11, 21, 14, 20, tzinfo=clock.SHANGHAI)},
        "filters": FilterForm({"stage": Stage.ADAPTATION}),
        "overdue": [_todo(-2, "阶段性评估未完成", "陈示例", Stage.ADAPTATION, "录入评估")],
        "due_today": [_todo(0, "书面通知家属", "李示例", Stage.DETOX, "填写通知")],
        "coming": [
            _todo(
                20, "综合诊断评估（满一年）", "孙示例", Stage.CONSOLIDATION, "查看缺项", opens=10
            ),
            _todo(2, "解除前通知决定机关", "吴示例", Stage.REENTRY, "生成文书"),
            _todo(6, "心理测评复测", "郑示例", Stage.CONSOLIDATION, "安排"),
        ],
        "zone_tiles": [
            _tile(Stage.DETOX, 38, 60, 4),
            _tile(Stage.ADAPTATION, 71, 90, 9, alarm="逾期 1"),
            _tile(Stage.CONSOLIDATION, 412, 480, 6),
            _tile(Stage.REENTRY, 57, 80, 3),
        ],
        "tabs": [
            {"label": "经过", "url": "#timeline", "current": True, "count": None},
            {"label": "分区流转", "url": "#moves", "current": False, "count": 3},
            {"label": "文书", "url": "#documents", "current": False, "count": 14},
        ],
        "bars": [
            {"label": "康复巩固期中", "bar": _running_term()},
            {"label": "刚入所", "bar": _first_days()},
            {"label": "超期在所", "bar": _overstay()},
        ],
        "why": (
            WhyStep("决定之日 2025-12-01 起算", statutes.TERM_STARTS, date(2025, 12, 1)),
            WhyStep("2 年", statutes.TWO_YEAR_TERM, date(2027, 11, 30)),
        ),
        "happened": [
            (_at(11, 18, 14, 20), "行为表现", "10 月考核 92 分（三大队评定）", "示例民警"),
            (
                _at(11, 3, 9, 5),
                "心理矫治",
                "测评复测完成（结果封存，仅心理矫治中心可见）",
                "心理中心",
            ),
            (_at(6, 15, 10, 12), "分区流转", "教育适应区 → 康复巩固区，阶段性评估合格", "三大队"),
        ],
        "signatures": [
            {"role": "移出", "name": "王警官（示例）", "at": _at(6, 15, 9, 2)},
            {"role": "批准", "name": "示例大队长", "at": _at(6, 15, 9, 40)},
            {"role": "接收", "name": None, "at": None},
        ],
        "steps": [
            {"label": "身份核对", "state": "done"},
            {"label": "法律文书", "state": "here"},
            {"label": "健康检查", "state": "later"},
            {"label": "人身与物品", "state": "later"},
        ],
        "lists": gallery_lists.lists(user, at=_at(11, 21, 14, 20)),
        "page": Paginator(range(1, 96), 20).page(2),
        "chart": _chart(),
    }


def _todo(
    days: int, act: str, person: str, stage: Stage, button: str, opens: int | None = None
) -> Todo:
    return Todo(
        due_at=TODAY + timedelta(days=days),
        opens_on=None if opens is None else TODAY + timedelta(days=opens),
        act=act,
        person=person,
        number="SL01-2026-0417",
        stage=stage,
        article="分区流转规则",
        button=button,
    )


def _tile(stage: Stage, count: int, beds: int, moving: int, alarm: str = "") -> dict[str, Any]:
    return {
        "stage": stage,
        "value": count,
        "whole": beds,
        "scope": f"全所 · 容量 {beds}",
        "note": f"7 日内应流转 {moving}",
        "alarm": alarm,
    }


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SHANGHAI)


def _running_term():
    return term_bar(
        begins_on=date(2025, 12, 1),
        ends_on=date(2027, 11, 30),
        today=TODAY,
        stays=(
            Stay("公安机关执行", date(2025, 12, 1), date(2026, 3, 19)),
            Stay("生理脱毒", date(2026, 3, 20), date(2026, 4, 11), Stage.DETOX),
            Stay("教育适应", date(2026, 4, 12), date(2026, 6, 14), Stage.ADAPTATION),
            Stay("康复巩固", date(2026, 6, 15), date(2027, 9, 29), Stage.CONSOLIDATION),
            Stay("回归指导", date(2027, 9, 30), None, Stage.REENTRY, planned=True),
        ),
        milestones=(Milestone("满一年 2026-12-01 起可评", date(2026, 12, 1)),),
    )


def _first_days():
    return term_bar(
        begins_on=date(2026, 11, 11),
        ends_on=date(2028, 11, 10),
        today=TODAY,
        stays=(
            Stay("公安机关执行", date(2026, 11, 11), date(2026, 11, 19)),
            Stay("生理脱毒", date(2026, 11, 20), date(2026, 12, 9), Stage.DETOX),
            Stay("教育适应", date(2026, 12, 10), date(2027, 2, 7), Stage.ADAPTATION, planned=True),
            Stay(
                "康复巩固", date(2027, 2, 8), date(2028, 9, 10), Stage.CONSOLIDATION, planned=True
            ),
            Stay("回归指导", date(2028, 9, 11), None, Stage.REENTRY, planned=True),
        ),
        milestones=(Milestone("满一年 2027-11-11 起可评", date(2027, 11, 11)),),
    )


def _overstay():
    return term_bar(
        begins_on=date(2024, 11, 10),
        ends_on=date(2026, 11, 9),
        today=TODAY,
        stays=(
            Stay("公安机关执行", date(2024, 11, 10), date(2024, 12, 4)),
            Stay("生理脱毒", date(2024, 12, 5), date(2024, 12, 20), Stage.DETOX),
            Stay("教育适应", date(2024, 12, 21), date(2025, 2, 20), Stage.ADAPTATION),
            Stay("康复巩固", date(2025, 2, 21), date(2026, 9, 1), Stage.CONSOLIDATION),
            Stay("回归指导", date(2026, 9, 2), None, Stage.REENTRY),
        ),
        milestones=(Milestone("满一年 2025-11-10", date(2025, 11, 10)),),
    )


def _chart() -> dict[str, Any]:
    """四区在区人数, stacked, in the zones' colours."""
    colours = ("#c2255c", "#e67700", "#2b8a3e", "#1864ab")
    counts = ((38, 40, 36, 38), (66, 70, 72, 71), (398, 405, 410, 412), (60, 58, 55, 57))
    return {
        "legend": {"top": 4, "itemWidth": 10, "itemHeight": 10},
        "grid": {"left": 44, "right": 12, "top": 34, "bottom": 26},
        "xAxis": {"type": "category", "data": ["8月", "9月", "10月", "11月"]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": stage.label,
                "type": "bar",
                "stack": "zones",
                "barMaxWidth": 20,
                "itemStyle": {"color": colour},
                "data": list(values),
            }
            for stage, colour, values in zip(Stage, colours, counts, strict=True)
        ],
    }
