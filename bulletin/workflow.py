"""The second person: Wagtail's workflow with one task, which any other publisher of the department may do."""

from wagtail.models import Workflow

WORKFLOW = "Second person"


def second_person_workflow() -> Workflow:
    return Workflow.objects.get(name=WORKFLOW)
