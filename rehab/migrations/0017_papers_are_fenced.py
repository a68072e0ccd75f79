"""Who sees which print of a 文书 and whom it names: whoever sees the 文书. A print stays as it was."""

from django.db import migrations

from rehab.rowsecurity import append_only, by_parent, fence

OF_DOCUMENT = by_parent("rehab_document", "document_id")


class Migration(migrations.Migration):
    dependencies = (("rehab", "0016_papers_are_worded_and_every_print_is_kept"),)

    operations = (
        fence("rehab_documentmention", OF_DOCUMENT),
        fence("rehab_documentprint", OF_DOCUMENT),
        append_only("rehab_documentmention"),
        append_only("rehab_documentprint"),
    )
