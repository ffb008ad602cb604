from bulletin.models.approvals import SecondPersonTask
from bulletin.models.boards import BoardReference, Boards, DepartmentBoard, DocumentSequence, PublishingDelegation
from bulletin.models.feeds import FeedAddress
from bulletin.models.notices import Notice, NoticeVersion
from bulletin.models.readers import Confirmation, Reading, ReadingMark
from bulletin.models.topics import Adoption

__all__ = [
    "Adoption",
    "BoardReference",
    "Boards",
    "Confirmation",
    "DepartmentBoard",
    "DocumentSequence",
    "FeedAddress",
    "Notice",
    "NoticeVersion",
    "PublishingDelegation",
    "Reading",
    "ReadingMark",
    "SecondPersonTask",
]
