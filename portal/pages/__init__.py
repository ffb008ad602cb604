"""Pages that people write: drafts, revisions, schedule and workflow by Wagtail, visibility by `portal.access`, rights by the organization.

Wagtail's own rules (groups, view restrictions, superusers) decide nothing here.
"""
