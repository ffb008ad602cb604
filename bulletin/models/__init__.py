"""Boards, notices and their versions, what readers leave behind, and what is delegated."""

from bulletin.models.approvals import SecondPersonTask
from bulletin.models.boards import BoardReference, Boards, DepartmentBoard, PublishingDelegation
from bulletin.models.feeds import FeedAddress
from bulletin.models.notices import Notice, NoticeVersion
from bulletin.models.readers import Reading, ReadingMark
from bulletin.models.topics import Adoption
from bulletin.news.models import NewsDesk, NewsEntry, NewsFeed, NewsItem

__all__ = [
    "Adoption",
    "BoardReference",
    "Boards",
    "DepartmentBoard",
    "FeedAddress",
    "NewsDesk",
    "NewsEntry",
    "NewsFeed",
    "NewsItem",
    "Notice",
    "NoticeVersion",
    "PublishingDelegation",
    "Reading",
    "ReadingMark",
    "SecondPersonTask",
]
