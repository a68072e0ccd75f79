"""Wording by province, prints and copies, and whether a paper is the one that was made."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
import typst
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from rehab import typeset
from rehab.actions import papers
from rehab.document_kinds import kind, kinds
from rehab.ledgers import documents, wordings
from rehab.ledgers.documents import Verdict
from rehab.models import AccessRecord, Document, DocumentPrint, DocumentWording, Event
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import rehab as make
from tests.rehab.test_ledgers import RIGHTS
from tests.rehab.test_typeset import FACTS, fonts, words

TODAY = make.NOON.date()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def approver(facility):
    return make.officer("bureau_approver", facility.province)


def worded(code, **changed):
    """The product's wording of a kind, changed."""
    return replace(kind(code).wording, **changed)


def set_wording(approver, code="rights", *, confirmed=True, **changed):
    """A version, worded by one and confirmed by another."""
    row = propose_wording(approver, code, **changed)
    if not confirmed:
        return row
    second = make.officer("bureau_approver", approver.bureau)
    return papers.confirm_document_wording(row=row, by=second, at=make.NOON)


def propose_wording(approver, code="rights", *, language="zh", effective_from=TODAY, wording=None):
    return papers.set_document_wording(
        province=approver.bureau,
        code=code,
        language=language,
        wording=wording or worded(code, heading="本省告知书", mark="省戒告"),
        effective_from=effective_from,
        by=approver,
        at=make.NOON,
    )


def made(case, officer, *, at=make.NOON, **more):
    facts = RIGHTS | more.pop("facts", {})
    return documents.make(case, "rights", "权利义务告知书", facts, by=officer, at=at, **more)


# The wording of a province


def test_set_document_wording(case, officer, approver):
    row = set_wording(approver)

    document = made(case, officer)

    assert (row.version, document.wording) == (1, row)
    assert document.number == f"（{case.facility.short_name}）省戒告〔2026〕1号"
    assert "本省告知书" in words(bytes(document.body))
    assert [
        (event.kind, event.facts)
        for event in Event.objects.filter(subject_id=approver.bureau.pk).order_by("recorded_at")
    ] == [
        (kind, {"document_wording": str(row.pk)})
        for kind in (Event.Kind.RULE_PROPOSED, Event.Kind.RULE_SET)
    ]


def test_a_wording_waits_for_a_second_person(case, officer, approver):
    row = set_wording(approver, confirmed=False)

    with pytest.raises(Refused, match="本人拟定的不能由本人确认"):
        papers.confirm_document_wording(row=row, by=approver, at=make.NOON)

    assert made(case, officer).wording is None
    assert not Event.objects.filter(kind=Event.Kind.RULE_SET).exists()


def test_a_wording_is_confirmed_once(approver):
    row = set_wording(approver)

    with pytest.raises(Refused, match="第 1 版已经确认"):
        papers.confirm_document_wording(row=row, by=approver, at=make.NOON)


def test_two_people_set_a_wording_says_the_database(approver):
    row = set_wording(approver, confirmed=False)
    row.confirmed_by, row.confirmed_at = approver, make.NOON

    with pytest.raises(IntegrityError, match="two_people_set_a_wording"), transaction.atomic():
        row.save()


def test_a_wording_begins_on_its_day(case, officer, approver):
    set_wording(approver, effective_from=TODAY + timedelta(days=1))

    today = made(case, officer)
    tomorrow = made(case, officer, at=make.NOON + timedelta(days=1))

    assert (today.wording, tomorrow.wording.version) == (None, 1)


def test_the_newest_version_of_a_day_counts(case, officer, approver):
    set_wording(approver)
    second = set_wording(approver, wording=worded("rights", heading="又一版告知书"))

    assert second.version == 2
    assert made(case, officer).wording == second
    assert wordings.versions("rights", approver.bureau)[0] == second


def test_another_province_keeps_the_wording_of_the_product(case, officer):
    set_wording(make.officer("bureau_approver", make.bureau("示例乙省戒毒管理局")))

    assert made(case, officer).wording is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"effective_from": TODAY - timedelta(days=1)}, "“施行日期”早于今日"),
        ({"wording": worded("rights", mark="X")}, "“机关代字”"),
        ({"wording": worded("rights", heading="告知书\u202e")}, "字库中没有这些字"),
    ],
    ids=["过去", "代字", "缺字"],
)
def test_set_document_wording_refused(approver, changed, said):
    with pytest.raises(Refused, match=said):
        set_wording(approver, **changed)

    assert not DocumentWording.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.RULE_PROPOSED).exists()


def test_a_wording_that_cannot_be_typeset_is_not_kept(approver, monkeypatch):
    def fail(*args, **kwargs):
        raise typst.TypstError("broken")

    monkeypatch.setattr(wordings, "typeset", fail)

    with pytest.raises(Refused, match="排不出文书"):
        set_wording(approver)

    assert not DocumentWording.objects.exists()


def stored(approver, parts):
    """A row as no action would write it: what an older product let pass."""
    return DocumentWording.objects.create(
        province=approver.bureau, kind="rights", version=1, effective_from=TODAY, parts=parts,
        set_by=approver, set_at=make.NOON,
        confirmed_by=make.officer("bureau_approver", approver.bureau), confirmed_at=make.NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [{}, worded("rights", number="{字}{号}").parts(), worded("rights", sections={}).parts()],
    ids=["空的", "文号", "缺正文"],
)
def test_a_broken_wording_stops_no_act(case, officer, approver, parts, caplog):
    stored(approver, parts)

    document = made(case, officer)

    assert document.wording is None
    assert document.number == f"（{case.facility.short_name}）强戒告〔2026〕1号"
    assert "改用产品格式" in caplog.text


def test_a_wording_that_breaks_while_typesetting_stops_no_act(
    case, officer, approver, monkeypatch, caplog
):
    set_wording(approver)
    genuine = wordings.typeset

    def fails_when_worded(code, facts, wording=None, translation=None):
        if wording is not None:
            raise typst.TypstError("broken")
        return genuine(code, facts)

    monkeypatch.setattr(wordings, "typeset", fails_when_worded)

    document = made(case, officer)

    assert document.wording is None
    assert "你的权利" in words(bytes(document.body))
    assert "排不出" in caplog.text


# Languages


def test_a_language_without_a_text_leaves_room_for_the_interpreter():
    said = words(typeset.typeset("rights", FACTS["rights"] | FOREIGN))

    assert "本人使用维吾尔语。本告知书没有该语言的文本，由翻译人员逐条口头译告。" in said
    assert "翻译人员签名" in said
    assert "第2页共2页" in said


FOREIGN = {"language": "维吾尔语", "foreign_language": "维吾尔语"}


def test_a_text_in_another_language_follows_the_chinese(case, officer, approver):
    row = set_wording(approver, language="za", wording=worded("rights", heading="Cienzleix"))

    document = made(case, officer, language="za", facts={"foreign_language": "壮语"})

    said = words(bytes(document.body))
    assert row.language == "za"
    assert "Cienzleix" in said
    assert "你的权利" in said
    assert "已附该语言的文本" in said


def test_a_broken_translation_leaves_the_chinese(case, officer, approver, caplog):
    row = stored(approver, {})
    DocumentWording.objects.filter(pk=row.pk).update(language="za")

    document = made(case, officer, language="za", facts={"foreign_language": "壮语"})

    assert "没有该语言的文本" in words(bytes(document.body))


# Nothing but the templates is read


@pytest.mark.parametrize("path", ["/etc/hostname", "../../rehab/settings.py", "lib.typ"])
def test_no_paper_opens_a_file(path):
    """A paragraph that looks like source is text, whatever it asks for."""
    hostile = f'#read("{path}") #include "{path}"'
    wording = worded(
        "deferral", sections={"opening": ("{姓名}{移送时间}",), "decision": (hostile,)}
    )

    said = words(typeset.typeset("deferral", dict(kind("deferral").sample), wording))

    assert "".join(hostile.split()) in said


@pytest.mark.parametrize("path", ["/etc/hostname", "../../README.md"])
def test_a_layout_reads_nothing_outside_its_folder(tmp_path, path):
    source = tmp_path / "layout.typ"
    source.write_text(f'#read("{path}")', encoding="utf-8")

    with pytest.raises(typst.TypstError):
        typst.compile(str(source), root=str(tmp_path))


# Prints


def pages(pdf):
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def printed(document, officer):
    return papers.print_documents(
        documents=[document], by=officer, really_at=make.at(2026, 11, 21, 14, 20)
    )


def test_the_first_print_is_the_original_and_every_later_one_a_marked_copy(case, officer):
    document = made(case, officer)

    first, second, third = (printed(document, officer) for _ in range(3))

    assert first == bytes(document.body)
    mark = f"副本重印第1份{officer.display_name}2026-11-2114:20原件摘要{document.sha256[:8]}"
    assert all(mark in page for page in pages(second))
    assert len(pages(second)) == len(pages(first))
    assert "重印第2份" in pages(third)[0]
    assert all(fonts(third).values())
    assert bytes(Document.objects.get(pk=document.pk).body) == first
    assert [*document.prints.order_by("copy").values_list("copy", "by")] == [
        (0, officer.pk), (1, officer.pk), (2, officer.pk),
    ]  # fmt: skip
    told = AccessRecord.objects.order_by("at", "pk").values_list("case", "purpose")
    assert (case.pk, f"打印{document.number}（重印第 2 份）") in told
    assert len(told) == 3


def test_a_superseded_document_is_only_copied_and_says_so(case, officer):
    former = made(case, officer)
    later = made(case, officer, supersedes=former)

    copy = printed(Document.objects.get(pk=former.pk), officer)

    assert f"已由{later.number}替代" in pages(copy)[0]
    assert DocumentPrint.objects.get().copy == 1


def test_several_documents_are_one_file(case, officer):
    both = [made(case, officer), made(case, officer, facts={"name": "示例又一人"})]

    one = papers.print_documents(documents=both, by=officer, really_at=make.NOON)

    assert len(pages(one)) == sum(len(pages(bytes(each.body))) for each in both)
    assert "示例又一人" in "".join(pages(one))
    assert DocumentPrint.objects.count() == 2


def test_a_print_stays_as_it_was(case, officer):
    printed(made(case, officer), officer)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DocumentPrint.objects.update(copy=7)


# What stands already is not made again


def test_make_or_keep(case, officer):
    act = {"case": case, "template": "rights", "title": "权利义务告知书", "by": officer}
    spoken = RIGHTS | {"language": "汉语"}

    first = documents.make_or_keep(facts=spoken, at=make.NOON, **act)
    same = documents.make_or_keep(facts=RIGHTS, at=make.NOON, **act)
    other = documents.make_or_keep(
        facts=RIGHTS | {"ends_on": date(2028, 6, 30)}, at=make.NOON, **act
    )

    assert same == first
    assert other.supersedes == first
    assert documents.current(case, "rights") == other


# Who may open which kind


def test_a_health_sheet_is_opened_by_few(case, officer):
    sheet = documents.make(
        case, "health_check", "健康状况检查表", dict(kind("health_check").sample), by=officer,
        at=make.NOON,
    )  # fmt: skip
    assessor = make.officer("assessor", case.facility)

    assert Document.objects.visible_to(officer).filter(pk=sheet.pk).exists()
    assert not Document.objects.visible_to(assessor).filter(pk=sheet.pk).exists()


def test_every_kind_is_opened_by_somebody():
    assert all(one.opened_by for one in kinds().values())


# Is it the paper that was made?


def test_verified(case, officer):
    document = made(case, officer)
    typed = document.number.replace("（", "(").replace("〔", "[").replace("〕", "] ")

    by_code = documents.verified(officer, number=typed, code=document.facts["check"])
    by_hash = documents.verified(officer, number=document.number, code=document.sha256[:8])

    assert (by_code.verdict, by_code.document) == (Verdict.TRUE, document)
    assert by_hash.verdict == Verdict.TRUE
    assert document.facts["check"] in words(bytes(document.body))


def test_verified_with_another_code_or_number(case, officer):
    document = made(case, officer)

    assert (
        documents.verified(officer, number=document.number, code="0" * 8).verdict == Verdict.FALSE
    )
    assert documents.verified(officer, number="无", code="0" * 8).verdict == Verdict.UNKNOWN


def test_verified_outside_the_scope(case, officer):
    document = made(case, officer)
    elsewhere = make.officer("zone_officer", make.unit(case.facility, Stage.REENTRY))

    found = documents.verified(elsewhere, number=document.number, code=document.sha256[:8])

    assert (found.verdict, found.document) == (Verdict.UNKNOWN, None)


@pytest.mark.parametrize("what", ["body", "facts"])
def test_verified_of_what_was_altered(case, officer, what):
    document = made(case, officer)
    changed = {"body": b"%PDF", "facts": document.facts | {"name": "他人"}}
    Document.objects.filter(pk=document.pk).update(**{what: changed[what]})

    found = documents.verified(officer, number=document.number, code=document.sha256[:8])

    assert found.verdict == Verdict.ALTERED


# How many fit on a page


@pytest.mark.parametrize(
    ("rows", "sheets"), [(0, 1), (1, 1), (30, 2), (300, 11)], ids=["无", "1", "30", "300"]
)
def test_a_list_of_belongings_repeats_its_header(rows, sheets):
    item = {"name": "示例·𠮷物", "features": "", "quantity": "1件", "disposal": "代管"}
    facts = FACTS["belongings"] | {"items": [item] * rows}

    found = pages(typeset.typeset("belongings", facts))

    listed = [page for page in found if "示例·𠮷物" in page]
    assert len(found) == sheets
    assert sum(page.count("示例·𠮷物") for page in found) == rows
    assert all("序号物品名称特征、成色数量处理备注" in page for page in listed)
    assert [f"第{n}页共{len(found)}页" in page for n, page in enumerate(found, 1)] == [
        True
    ] * sheets


@pytest.mark.parametrize(("rows", "sheets"), [(1, 1), (30, 2), (300, 15)])
def test_a_handover_sheet_repeats_its_header(rows, sheets):
    facts = FACTS["zone_handover"]
    found = pages(typeset.typeset("zone_handover", facts | {"people": facts["people"] * rows}))

    listed = [page for page in found if FACTS["rights"]["name"] in page]
    assert len(found) == sheets
    assert sum(page.count(FACTS["rights"]["name"]) for page in found) == rows
    assert all("序号姓名性别档案编号入区日期期满日须注意" in page for page in listed)
    assert "转出民警" in found[-1]
