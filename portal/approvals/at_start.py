"""Kinds of papers that the release ships are there from the start on."""

from portal.approvals.services.kinds import bring_in_step
from portal.runtime.at_start import register_at_start

register_at_start(bring_in_step)
