"""The bar for a 期限体检 of 5,000 people, read, judged and written into a workbook: a few seconds."""

import time
from datetime import date, timedelta

import pytest

from intake import people
from intake.checkup_sheets import found_sheet
from intake.rules.checkup import check
from intake.rules.checkup.people import Title

SECONDS = 8  # on two busy cores; alone it takes less than half

pytestmark = [pytest.mark.bench, pytest.mark.alone]
PERSON = {
    Title.NAME: "示例卢", Title.STATUS: "在所", Title.HELD_ENDS_ON: "2027-06-01",
    Title.ENTERED_ON: "2025-07-01", Title.ESCAPED_ON: "2026-05-01", Title.RECAPTURED_ON: "2026-05-11",
    Title.EXTENSION_MONTHS: "3", Title.EXTENSION_SERVED_ON: "2026-07-01",
    Title.FAMILY_ON: "2025-07-09", Title.EDUCATION_TO: "2025-07-20", Title.YEAR_ASSESSED_ON: "",
}  # fmt: skip


def test_5000_people_with_much_wrong_take_a_few_seconds():
    titles = [Title.DECIDED_ON, *PERSON]
    first = date(2025, 1, 1)
    lines = [[str(first + timedelta(days=n % 150)), *PERSON.values()] for n in range(5000)]
    content = "\n".join(",".join(line) for line in [titles, *lines]).encode()

    started = time.perf_counter()
    checkup = check(people.read(content), on=date(2026, 11, 22))
    judged = time.perf_counter() - started
    workbook = found_sheet(checkup)
    taken = time.perf_counter() - started

    print(f"{len(checkup.findings)} findings in {judged:.2f} s; with the workbook {taken:.2f} s")
    assert checkup.people_with_findings == 5000
    assert workbook.startswith(b"PK")
    assert taken <= SECONDS
