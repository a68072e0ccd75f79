"""转所 on its pages: what an officer of either side sees, sends, and reads when it is refused."""

import pytest
from django.urls import reverse

from rehab.models import Case, Placement
from rehab.refusal import Refused
from tests.factories import rehab as make
from tests.factories import transfers as road
from tests.factories.transfers import Sides
from zones import actions
from zones.models import FacilityTransfer

COUNTS = {"papers": 12, "belongings": 3, "medicines": 2}


@pytest.fixture
def sides(facility):
    return Sides(facility, make.facility("T02")).posted()


@pytest.fixture
def ask(client):
    """Ask as somebody; a dict is sent."""

    def asked(user, name, *args, **sent):
        client.force_login(user)
        url = reverse(f"zones:transfer-{name}", args=args)
        return client.post(url, sent) if sent else client.get(url)

    return asked


def text(answer):
    return answer.content.decode()


def test_from_the_proposal_to_the_family(case, sides, ask):
    name = case.person.name
    form = {"to_facility": sides.receiver.pk, "ground": "other", "planned_on": "2026-11-21"}
    refused = ask(sides.proposer, "create", case.number, **form)
    assert refused.status_code == 422
    assert "事由为“其他”的，“说明”不能为空" in text(refused)
    assert ask(sides.leader, "create", case.number, **form).status_code == 403
    sent = ask(sides.proposer, "create", case.number, **form, note="示例说明")
    transfer = FacilityTransfer.objects.get()
    assert sent.url == transfer.get_absolute_url()
    assert "示T02：待审批" in text(ask(sides.gate, "create", case.number))
    assert ask(sides.there, "detail", transfer.pk).status_code == 404

    key = transfer.pk
    own = ask(sides.proposer, "detail", key)
    assert "撤回转所" in text(own)
    assert "审批</a>" not in text(own)
    assert ask(sides.leader, "approve", key, confirmed="1").status_code == 302
    page = text(ask(sides.there, "detail", key))
    assert name in page
    assert "人员档案</a>" not in page
    assert name in text(ask(sides.there, "list"))

    handed = {"escorts": "示例警官", **COUNTS}
    assert "“已告知本人转往何处和理由”须勾选" in text(ask(sides.gate, "depart", key, **handed))
    assert ask(sides.gate, "depart", key, **handed, person_told="on").status_code == 302
    assert "交接单</a>" in text(ask(sides.gate, "detail", key))

    page = ask(sides.there, "receive", key)
    bed = page.context["form"]["bed"].field.queryset.first()
    came = {"bed": bed.pk, **COUNTS, "medicines": 1}
    refused = ask(sides.there, "receive", key, **came)
    assert refused.status_code == 422
    assert "药品移交 2、实收 1，请在“差异”写明" in text(refused)
    assert ask(sides.there, "receive", key, **came, differences="途中破损").status_code == 302
    assert Case.objects.get(pk=case.pk).facility == sides.receiver
    page = text(ask(sides.there, "detail", key))
    assert "人员档案</a>" in page
    assert "告知家属</a>" in page
    gone = text(ask(sides.gate, "detail", key))
    assert name not in gone
    assert "档案已移交" in gone
    assert name not in text(ask(sides.gate, "list"))

    assert ask(sides.there, "tell", key, who="母亲", means="phone").status_code == 302
    own, theirs = (text(ask(user, "detail", key)) for user in (sides.there, sides.gate))
    assert ("母亲" in own, "示例说明" in own) == (True, True)
    assert ("母亲" in theirs, "示例说明" in theirs) == (False, False)  # the row alone
    refused = ask(sides.there, "tell", key, who="母亲", means="phone")
    assert (refused.status_code, "家属已经告知" in text(refused)) == (422, True)


def test_back_again(case, sides, ask):
    key = road.departed(case, sides, at=make.NOON - 5 * road.LATER).pk
    assert ask(sides.there, "return", key, reason="没有隔离床位").status_code == 302
    assert "退回途中" in text(ask(sides.gate, "list"))
    refused = ask(sides.there, "receive", key, bed="x", **COUNTS)
    assert refused.status_code == 422
    page = ask(sides.gate, "receive", key)
    assert "接回" in text(page)
    bed = page.context["form"]["bed"].field.queryset.first()
    assert ask(sides.gate, "receive", key, bed=bed.pk, **COUNTS).status_code == 302
    assert FacilityTransfer.objects.get().status == "taken_back"


def test_withdrawn_and_refused(case, sides, ask):
    key = road.proposed(case, sides).pk
    page = ask(sides.proposer, "return", key)
    assert "撤回转所" in text(page)
    assert ask(sides.proposer, "return", key, reason="不再需要").status_code == 302
    refused = ask(sides.leader, "return", key, reason="示例")
    assert (refused.status_code, "现为“撤回”，不能退回" in text(refused)) == (422, True)


def test_a_full_zone_gets_a_bed_more_and_one_without_a_room_says_so(case, sides, ask):
    key = road.departed(case, sides, at=make.NOON - 5 * road.LATER).pk
    room = road.full(sides.receiver)
    others = make.unit(sides.receiver, "01").rooms.get(name="102")
    assert "加床房间" in text(ask(sides.there, "receive", key))
    refused = ask(sides.there, "receive", key, room=others.pk, **COUNTS)
    assert "“加床房间”中所选的不适合此人" in text(refused)
    room.beds.update(closed_at=make.NOON, closed_for="维修")
    assert "没有适合此人的空床" in text(ask(sides.there, "receive", key))
    room.beds.update(closed_at=None, closed_for="")

    assert ask(sides.there, "receive", key, room=room.pk, **COUNTS).status_code == 302
    lies = Placement.objects.get(case=case, period__endswith__isnull=True).bed
    assert (lies.room, lies.extra) == (room, True)


def test_back_into_a_full_zone_and_no_bed_more_where_one_is_free(case, sides):
    gone = road.sent_back(case, sides, at=make.NOON - 5 * road.LATER)

    def back(room):
        return actions.arrive_at_extra_bed(
            transfer=gone, room=room, reception=road.reception(), by=sides.gate, at=make.NOON
        )

    rooms = make.unit(sides.sender, "01").rooms
    with pytest.raises(Refused, match="不必加床"):
        back(rooms.get(name="101"))
    full = road.full(sides.sender)
    with pytest.raises(Refused, match="不适合此人"):
        back(rooms.get(name="102"))
    assert back(full).status == "taken_back"


@pytest.mark.parametrize(
    ("stands", "who", "page", "said"),
    [
        (road.received, "gate", "receive", "现为“已接收”，不能接收"),
        (road.received, "gate", "depart", "现为“已接收”，不能移交"),
        (road.withdrawn_late, "there", "receive", "现为“撤回”，不能接收"),
    ],
)
def test_a_page_that_was_left_open_says_how_it_stands(stands, who, page, said, case, sides, ask):
    """Whose file is another facility's by now: read and sent all the same, and nothing changes."""
    key = stands(case, sides, at=make.NOON - 5 * road.LATER).pk
    stood = FacilityTransfer.objects.values().get()

    assert said in text(ask(getattr(sides, who), page, key))
    refused = ask(getattr(sides, who), page, key, bed=stood["id"], escorts="示例警官", **COUNTS)
    assert (refused.status_code, said in text(refused)) == (422, True)
    assert FacilityTransfer.objects.values().get() == stood
