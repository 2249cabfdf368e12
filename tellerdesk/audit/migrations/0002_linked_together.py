from django.db import migrations

from tellerdesk.audit.sql import LINK_AT_COMMIT, UNLINK
from tellerdesk.audit.together import LINK_TOGETHER, UNLINK_TOGETHER


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(LINK_TOGETHER, UNLINK_TOGETHER + UNLINK + LINK_AT_COMMIT)]
