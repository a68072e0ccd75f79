"""The status of an agreement with its legal edges, what was compared at the gate, and how a contact was made."""

from django.db.models import TextChoices

from rehab import statutes
from rehab.statutes import Article


class AgreementStatus(TextChoices):
    """期满 is no status: it follows from `ends_on` and the day."""

    OFFERED = "offered", "征询中"
    SIGNED = "signed", "已签订"
    DECLINED = "declined", "不签"
    RENEWED = "renewed", "已续签"
    WITHDRAWN = "withdrawn", "退出"


S = AgreementStatus
EDGES: dict[tuple[AgreementStatus, AgreementStatus], Article | None] = {
    (S.OFFERED, S.SIGNED): statutes.CONSENT,
    (S.OFFERED, S.DECLINED): statutes.CONSENT,
    (S.SIGNED, S.RENEWED): statutes.CONSENT,
    (S.SIGNED, S.WITHDRAWN): statutes.CONSENT_WITHDRAWN,
    (S.RENEWED, S.WITHDRAWN): statutes.CONSENT_WITHDRAWN,  # its successor is withdrawn with it
}
IN_FORCE = frozenset({S.SIGNED, S.RENEWED})


class GateMark(TextChoices):
    """What a release keeps of a comparison; a mark that contradicts never lets anybody out."""

    MATCHED = "matched", "相符"
    MISSING = "missing", "未核验"


class Audience(TextChoices):
    """Who is told three days before the last day. 戒毒条例第三十四条."""

    DECIDING_AUTHORITY = "deciding_authority", "决定机关"
    FAMILY = "family", "家属"
    EMPLOYER = "employer", "所在单位"
    POLICE_STATION = "police_station", "户籍所在地派出所"


class FetchedBy(TextChoices):
    """Who comes for somebody on his last day. 戒毒条例第三十四条."""

    RELATIVE = "relative", "家属"
    POLICE_STATION = "police", "派出所"
    STREET = "street", "街道、乡镇"
    EMPLOYER = "employer", "所在单位"
    NOBODY = "nobody", "无人来接"


class WayHome(TextChoices):
    """How he goes whom nobody fetches. He is free in any case."""

    TRANSPORT = "transport", "本所送至住处"
    LODGING = "lodging", "本人书面选择暂住，随时可以离开"
    ALONE = "alone", "自行返回"


class Manner(TextChoices):
    PHONE = "phone", "电话"
    VISIT = "visit", "走访"
    AT_STATION = "at_station", "来站"
    ONLINE = "online", "视频、网络"


class DeathAudience(TextChoices):
    """Who is told of a death at once, the competent authority first. 司法部令127号."""

    AUTHORITY = "authority", "主管机关"
    FAMILY = "family", "家属"
    DECIDING_AUTHORITY = "deciding_authority", "决定机关"
    PROCURATORATE = "procuratorate", "人民检察院"


class Means(TextChoices):
    """How somebody was told."""

    PHONE = "phone", "电话"
    IN_PERSON = "in_person", "当面"
    NETWORK = "network", "专网、传真"
    LETTER = "letter", "书面送达"


class RevokedBy(TextChoices):
    """Who revoked the decision. 禁毒法第四十条."""

    DECIDING_AUTHORITY = "deciding", "决定机关"
    RECONSIDERATION = "review", "行政复议机关"
    COURT = "court", "人民法院"


class Inapplicable(TextChoices):
    """Whom compulsory isolation does not apply to, found after she was received. 禁毒法第三十九条."""

    PREGNANT = "pregnant", "怀孕"
    NURSING = "nursing", "正在哺乳自己不满一周岁的婴儿"


class ConversionStatus(TextChoices):
    """变更为社区戒毒 on its way to the deciding organ and back."""

    PROPOSED = "proposed", "待报送"
    SENT = "sent", "待决定"
    CONVERTED = "converted", "决定变更"
    REFUSED = "refused", "决定不变更"
    WITHDRAWN = "withdrawn", "撤回"


C = ConversionStatus
CONVERSION_EDGES: dict[tuple[ConversionStatus, ConversionStatus], Article | None] = {
    (C.PROPOSED, C.SENT): statutes.CONVERTED,
    (C.SENT, C.CONVERTED): statutes.CONVERTED,
    (C.SENT, C.REFUSED): statutes.CONVERTED,
    (C.PROPOSED, C.WITHDRAWN): None,
    (C.SENT, C.WITHDRAWN): None,
}
CONVERSION_OPEN = frozenset({C.PROPOSED, C.SENT})
