import os

from django.core.wsgi import get_wsgi_application

from tellerdesk.production import refuse_unfit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellerdesk.settings")
application = get_wsgi_application()
refuse_unfit()
