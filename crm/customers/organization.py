"""What the customers' file adds to what people stand for, and does when the plant changes."""

from crm.customers.holding import portfolios_headed, portfolios_of
from crm.customers.services.portfolios import tell_of_vacancies
from portal.access.sources import register_source
from portal.organization.registry import follow_changes

register_source(portfolios_of)
register_source(portfolios_headed)
follow_changes(tell_of_vacancies)
