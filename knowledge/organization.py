"""What grants of reading add to what people stand for."""

from knowledge.services.grants import grants
from portal.access.sources import register_source

register_source(grants)
