"""Pages of the back door: shown, refused, done; nobody else's people; a constant number of queries."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from aftercare import actions
from aftercare.models import Agreement, Contact, Release, ReleaseNotice
from aftercare.states import AgreementStatus
from rehab import typeset
from rehab.clock import standing_at
from rehab.models import Case
from tests.factories import aftercare as out
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(facility):
    return make.station()


@pytest.fixture
def worker(station):
    return make.officer("aftercare_worker", station)


@pytest.fixture
def asker(case):
    return make.officer("zone_officer", case.unit)


def of_case(name, case):
    return reverse(f"aftercare:{name}", args=[case.number])


def of(name, agreement):
    return reverse(f"aftercare:{name}", args=[agreement.pk])


def gate(case, second, **changed):
    papers = out.papers(case)
    return {
        "decision_number": papers.decision_number,
        "identity_number": papers.identity_number,
        "face": "matched",
        "second_officer": second.pk,
    } | changed


def text(response):
    return response.content.decode()


# Who leaves -------------------------------------------------------------------------------------


def test_release_list_on_the_last_day(client, case, intake):
    client.force_login(intake)

    page = client.get(reverse("aftercare:release-list"))

    assert page.status_code == 200
    assert "今日应解除 1 人" in text(page)
    assert of_case("release-create", case) in text(page)


def test_release_list_puts_the_longest_overstayed_first(client, facility, intake):
    first = make.case(facility, decision=make.decision_facts(printed_ends_on=out.LAST_DAY))
    earlier = make.case(
        facility,
        decision=make.decision_facts(printed_ends_on=make.at(2028, 5, 20).date()),
    )
    client.force_login(intake)

    with standing_at(make.at(2028, 6, 2)):
        page = text(client.get(reverse("aftercare:release-list"), {"zone": "04", "days": "7"}))

    assert "超期在所 2 人" in page  # whatever the filter says
    assert page.index(earlier.number) < page.index(first.number)
    assert "逾期 13 天" in page


def test_release_list_before(client, case, intake):
    client.force_login(intake)

    with standing_at(make.at(2028, 5, 10)):
        page = text(client.get(reverse("aftercare:release-list")))
        none = text(client.get(reverse("aftercare:release-list"), {"days": "7"}))

    assert of_case("release-notify", case) in page
    assert case.number not in none


def test_release_list_of_those_who_left(client, case, intake):
    out.release(case)
    client.force_login(intake)

    page = text(client.get(reverse("aftercare:release-list"), {"tab": "left"}))

    assert case.number in page


@pytest.mark.parametrize("query", [{"days": "x"}, {"zone": "9"}, {"page": "x"}, {"page": "99"}])
def test_release_list_with_a_nonsense_address(client, case, intake, query):
    client.force_login(intake)

    assert client.get(reverse("aftercare:release-list"), query).status_code == 200


def test_a_bureau_counts_people_and_reads_no_names(client, case, facility):
    client.force_login(make.officer("bureau_viewer", facility.province))

    for url in (reverse("aftercare:release-list"), of_case("release-detail", case)):
        page = text(client.get(url))
        assert case.person.name not in page
        assert case.person.name[0] + "*" in page


# The notice and the gate --------------------------------------------------------------------------


def test_release_notify(client, case, intake):
    client.force_login(intake)

    with standing_at(make.at(2028, 5, 20)):
        shown = client.get(of_case("release-notify", case))
        done = client.post(of_case("release-notify", case), {"employer": "示例厂"})
        after = text(client.get(of_case("release-detail", case)))

    assert shown.status_code == 200
    assert done.headers["Location"] == of_case("release-detail", case)
    assert "所在单位" in after
    assert "打开 PDF" in after


def test_release_notify_twice(client, case, intake):
    client.force_login(intake)
    client.post(of_case("release-notify", case), {})

    again = client.post(of_case("release-notify", case), {"family": "示例父"})

    assert again.status_code == 422
    assert "通知已发出" in text(again)
    assert "示例父" in text(again)
    assert ReleaseNotice.objects.count() == 1


def test_release_detail_before_the_day(client, case, intake):
    client.force_login(intake)

    with standing_at(make.at(2028, 4, 30)):
        page = text(client.get(of_case("release-detail", case)))

    assert "今天还不能解除" in page
    assert "2028-05-01 起" in page
    assert of_case("release-create", case) not in page


def test_release_create(client, case, intake, leader):
    client.force_login(intake)

    shown = client.get(of_case("release-create", case))
    done = client.post(of_case("release-create", case), gate(case, leader))
    page = text(client.get(of_case("release-detail", case)))

    assert shown.status_code == 200
    assert done.headers["Location"] == of_case("release-detail", case)
    release = Release.objects.get()
    assert reverse("document-detail", args=[release.certificate_id]) in page
    paper = client.get(reverse("document-detail", args=[release.certificate_id]))
    assert paper.headers["Content-Type"] == "application/pdf"


def test_certificate_print(client, case, intake, leader, monkeypatch):
    client.force_login(intake)

    with monkeypatch.context() as broken:
        broken.setattr(typeset, "REGULAR", (Path("/没有/这个/字体.ttf"),))
        typeset._code_points.cache_clear()
        done = client.post(of_case("release-create", case), gate(case, leader), follow=True)
        refused = client.post(of_case("certificate-print", case))
    typeset._code_points.cache_clear()
    certificate = Release.objects.get().certificate
    paper = reverse("document-detail", args=[certificate.pk])
    waits = client.get(paper).status_code
    listed = text(
        client.get(f"{reverse('reporting:case-detail', args=[case.number])}?tab=documents")
    )
    todo = text(client.get(reverse("reporting:worklist-list")))
    printed = client.post(of_case("certificate-print", case))

    assert "解除有效，请放行" in text(done)
    assert "证明书待打印" in text(done)
    assert refused.status_code == 422
    assert "证明书仍然排不出来" in text(refused)
    assert (waits, client.get(paper).status_code) == (404, 200)
    assert "待打印" in listed
    assert paper not in listed
    assert "证明书待打印" in todo
    assert printed.headers["Location"] == of_case("release-detail", case)
    assert "证明书待打印" not in text(client.get(of_case("release-detail", case)))


def test_release_create_through_htmx(client, case, intake, leader):
    client.force_login(intake)

    part = client.get(of_case("release-create", case), headers={"HX-Request": "true"})
    done = client.post(
        of_case("release-create", case), gate(case, leader), headers={"HX-Request": "true"}
    )

    assert "<html" not in text(part)
    assert done.headers["HX-Redirect"] == of_case("release-detail", case)


def test_release_create_asks_for_the_reasons(client, case, intake):
    client.force_login(intake)

    asked = client.post(of_case("release-create", case), {"no_face": "没有照片"})

    assert asked.status_code == 422
    assert "“决定书文号”没有核验" in text(asked)
    assert "“人像”没有核验" not in text(asked)
    assert 'value="没有照片"' in text(asked)
    assert not Release.objects.exists()

    done = client.post(
        of_case("release-create", case),
        {
            "no_decision": "遗失", "no_identity": "遗失", "no_face": "没有照片",
            "no_second_officer": "夜间一人",
        },
    )  # fmt: skip
    assert done.status_code == 302


def test_release_create_of_a_wrong_person(client, case, intake, leader):
    client.force_login(intake)

    refused = client.post(of_case("release-create", case), gate(case, leader, face="contradicted"))

    assert refused.status_code == 422
    assert "“人像”与档案不符" in text(refused)
    assert Case.objects.get().ended_at is None


def test_release_create_after_the_day_asks_why(client, case, intake, leader):
    client.force_login(intake)

    with standing_at(make.at(2028, 6, 1)):
        shown = text(client.get(of_case("release-create", case)))
        asked = client.post(of_case("release-create", case), gate(case, leader))
        done = client.post(
            of_case("release-create", case), gate(case, leader, overstayed="示例原因")
        )

    assert "超期的原因" in shown
    assert asked.status_code == 422
    assert done.status_code == 302


def test_release_create_before_the_day_shows_why_not(client, case, intake, leader):
    client.force_login(intake)

    with standing_at(make.at(2028, 5, 30)):
        shown = text(client.get(of_case("release-create", case)))
        refused = client.post(of_case("release-create", case), gate(case, leader))

    assert "还有 1 日" in shown
    assert "disabled" in shown
    assert refused.status_code == 422


# Agreements -----------------------------------------------------------------------------------


def test_agreement_create(client, case, station, asker):
    client.force_login(asker)

    shown = client.get(of_case("agreement-create", case))
    refused = client.post(of_case("agreement-create", case), {"station": station.pk})
    done = client.post(of_case("agreement-create", case), {"station": station.pk, "asked": "on"})

    assert station.name in text(shown)
    assert refused.status_code == 422
    assert done.headers["Location"] == Agreement.objects.get().get_absolute_url()
    again = client.post(of_case("agreement-create", case), {"station": station.pk, "asked": "on"})
    assert again.status_code == 422
    assert "已有征询中的协议" in text(again)


def test_agreement_create_searches_stations(client, case, station, asker):
    client.force_login(asker)

    found = client.get(of_case("agreement-create", case), {"q": "示例服务"})
    none = client.get(of_case("agreement-create", case), {"q": "没有这个站"})

    assert station.name in text(found)
    assert "没有找到照管站" in text(none)


@pytest.fixture
def offered(case, station):
    return out.offered(case, station=station)


@pytest.fixture
def signed(case, station):
    return out.signed(case, at=out.NOON_OF_LAST_DAY, station=station)


def test_agreement_sign(client, offered, worker):
    client.force_login(worker)

    shown = client.get(of("agreement-sign", offered))
    refused = client.post(of("agreement-sign", offered), {"phone": "0000"})
    done = client.post(of("agreement-sign", offered), {"consent": "on", "phone": "0000"})

    assert "随时退出" in text(shown)
    assert refused.status_code == 422
    assert 'value="0000"' in text(refused)
    assert done.headers["Location"] == offered.get_absolute_url()
    assert client.get(of("agreement-paper", offered)).headers["Content-Type"] == "application/pdf"


def test_agreement_sign_twice(client, signed, worker):
    client.force_login(worker)

    refused = client.post(of("agreement-sign", signed), {"consent": "on"})

    assert refused.status_code == 422
    assert "不能改为“已签订”" in text(refused)


def test_agreement_paper_of_what_was_never_signed(client, offered, worker):
    client.force_login(worker)

    assert client.get(of("agreement-paper", offered)).status_code == 404


def test_agreement_decline_by_the_station(client, offered, worker):
    client.force_login(worker)

    assert client.get(of("agreement-decline", offered)).status_code == 200
    done = client.post(of("agreement-decline", offered), follow=True)

    assert done.redirect_chain[-1][0] == reverse("aftercare:agreement-list")
    assert "已记录本人不签" in text(done)
    assert client.get(offered.get_absolute_url()).status_code == 404


def test_agreement_decline_by_the_facility(client, offered, asker):
    client.force_login(asker)

    done = client.post(of("agreement-decline", offered))

    assert done.headers["Location"] == offered.get_absolute_url()


def test_agreement_renew(client, signed, worker):
    client.force_login(worker)

    with standing_at(make.at(2029, 5, 20)):
        shown = text(client.get(signed.get_absolute_url()))
        refused = client.post(of("agreement-renew", signed), {"applied_on": "2029-05-31"})
        done = client.post(of("agreement-renew", signed), {"applied_on": "2029-05-19"})
        after = text(client.get(done.headers["Location"]))

    assert "续签一年" in shown
    assert refused.status_code == 422
    assert "2029-05-31" in text(refused)
    assert done.status_code == 302
    assert "2030-05-30" in after
    assert "上一份" in after


def test_agreement_withdraw(client, signed, worker):
    client.force_login(worker)

    shown = client.get(of("agreement-withdraw", signed))
    assert shown.status_code == 200
    assert "btn-x" not in text(shown)  # to leave is offered, not urged
    done = client.post(of("agreement-withdraw", signed))

    assert done.headers["Location"] == reverse("aftercare:agreement-list")
    signed.refresh_from_db()
    assert signed.status == AgreementStatus.WITHDRAWN


def test_contact_create(client, case, signed, worker):
    client.force_login(worker)

    shown = client.get(of_case("contact-create", case))
    refused = client.post(
        of_case("contact-create", case), {"manner": "phone", "contacted_at": "2028-05-31 11:00"}
    )
    done = client.post(
        of_case("contact-create", case),
        {"manner": "phone", "reached": "no", "contacted_at": "2028-05-31 11:00"},
    )

    assert "2028-06-30" in text(shown)  # the day proposed for the next
    assert refused.status_code == 422
    assert "“结果”还没有选" in text(refused)
    assert done.headers["Location"] == signed.get_absolute_url()
    assert Contact.objects.get().reached is False
    assert "没有联系上" in text(client.get(signed.get_absolute_url()))


def test_contact_create_refused(client, case, signed, worker):
    client.force_login(worker)

    refused = client.post(
        of_case("contact-create", case),
        {
            "manner": "phone", "reached": "no", "contacted_at": "2028-05-31 11:00",
            "renewal_discussed": "on", "note": "示例需要",
        },
    )  # fmt: skip

    assert refused.status_code == 422
    assert "没有联系上，不能勾选" in text(refused)
    assert "示例需要" in text(refused)


def test_contact_create_without_an_agreement(client, case, offered, worker):
    client.force_login(worker)

    assert client.get(of_case("contact-create", case)).status_code == 404


@pytest.mark.parametrize("view", ["running", "offered", "ended", "closed", "nonsense"])
def test_agreement_list(client, case, signed, worker, view):
    client.force_login(worker)

    page = client.get(reverse("aftercare:agreement-list"), {"view": view})

    assert page.status_code == 200
    assert (case.number in text(page)) is (view in ("running", "nonsense"))


def test_agreement_list_when_it_has_ended(client, case, signed, worker):
    client.force_login(worker)

    with standing_at(make.at(2029, 5, 31)):
        page = text(client.get(reverse("aftercare:agreement-list"), {"view": "ended"}))

    assert case.number in page


def test_a_station_reads_nothing_of_the_stay(client, case, signed, worker):
    client.force_login(worker)

    for url in (signed.get_absolute_url(), of_case("contact-create", case)):
        page = text(client.get(url))
        assert case.person.name in page
        assert str(case.unit) not in page
        assert case.decision.authority not in page


# Whose --------------------------------------------------------------------------------------------

RELEASES = ("release-detail", "release-notify", "release-create")
AGREEMENTS = (
    "agreement-detail", "agreement-paper", "agreement-sign", "agreement-decline",
    "agreement-renew", "agreement-withdraw",
)  # fmt: skip


def test_people_of_another_facility_are_not_there(client, case, signed):
    elsewhere = make.facility("T02")
    client.force_login(make.officer("intake_officer", elsewhere))
    for name in RELEASES:
        assert client.get(of_case(name, case)).status_code == 404
    assert case.number not in text(client.get(reverse("aftercare:release-list")))

    client.force_login(make.officer("aftercare_worker", make.station("另一服务站")))
    for name in AGREEMENTS:
        assert client.get(of(name, signed)).status_code == 404
    assert client.get(of_case("contact-create", case)).status_code == 404
    assert case.number not in text(client.get(reverse("aftercare:agreement-list")))


def test_what_a_role_may_not(client, case, signed, worker, intake):
    client.force_login(worker)
    for name in RELEASES:
        assert client.post(of_case(name, case)).status_code in (403, 405)
    assert client.get(reverse("aftercare:release-list")).status_code == 403

    client.force_login(intake)
    for name in AGREEMENTS:
        assert client.get(of(name, signed)).status_code == 403
    assert client.get(of_case("contact-create", case)).status_code == 403


# What it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize("contacts", [1, 20, 100])
def test_detail_queries(client, case, signed, worker, contacts, django_assert_max_num_queries):
    Contact.objects.bulk_create(
        Contact(
            agreement=signed, contacted_at=out.NOON_OF_LAST_DAY, manner="phone", reached=True,
            next_on=out.LAST_DAY + timedelta(days=30), by=worker,
        )
        for _ in range(contacts)
    )  # fmt: skip
    client.force_login(worker)

    with django_assert_max_num_queries(12):
        assert client.get(signed.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(of_case("contact-create", case)).status_code == 200


def test_release_queries(client, case, signed, intake, leader, django_assert_max_num_queries):
    client.force_login(intake)
    actions.give_release_notice(case=case, by=intake, at=out.NOON_OF_LAST_DAY)

    with django_assert_max_num_queries(12):
        assert client.get(of_case("release-detail", case)).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(of_case("release-create", case)).status_code == 200
    with django_assert_max_num_queries(40):
        done = client.post(of_case("release-create", case), gate(case, leader))
    assert done.status_code == 302
    with django_assert_max_num_queries(12):
        assert client.get(of_case("release-detail", case)).status_code == 200
