"""What gunicorn serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpc.settings")

application = get_wsgi_application()

# Pages are imported here, before the processes part, and not by the first request of each.
import_module(settings.ROOT_URLCONF)
