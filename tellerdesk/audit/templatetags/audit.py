from django import template

from tellerdesk.audit import sentences

register = template.Library()
register.filter("actor_name", sentences.actor_name)
