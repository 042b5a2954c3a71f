"""The order of names: as a reader of Spanish expects it, with the database function `name_key` (see cpc.reference's
migrations)."""

from django.db.models import Func, TextField


class NameKey(Func):
    """`order_by(NameKey("name_es"))`: without accents and capitals, ñ after n."""

    function = "name_key"
    output_field = TextField()
