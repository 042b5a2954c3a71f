"""One order of names everywhere: without accents and capitals, with ñ after n. The embedded server has no ICU."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations

CREATE = """
CREATE OR REPLACE FUNCTION name_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.unaccent('public.unaccent', replace(lower(normalize(name, NFC)), 'ñ', 'n~')) $$
"""


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_initial")]
    operations = [UnaccentExtension(), migrations.RunSQL(CREATE, "DROP FUNCTION name_key(text)")]
