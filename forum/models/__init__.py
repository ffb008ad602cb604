"""The tables of the forum."""

from forum.models.holding import HeldPost
from forum.models.moderation import Case, Mute, Report
from forum.models.reading import BoardMark, Bookmark, Draft, Follow, ThreadRead
from forum.models.threads import LEAST_CROWD, LONGEST_POST, LONGEST_REASON, LONGEST_TITLE, PER_PAGE, Board, Post, PostRevision, Support, Thread
from forum.sealing.models import Ceremony, KeyShare, Mask, RoleKey, Seal, Waiting, WaitingPicture

__all__ = [
    "LEAST_CROWD",
    "LONGEST_POST",
    "LONGEST_REASON",
    "LONGEST_TITLE",
    "PER_PAGE",
    "Board",
    "BoardMark",
    "Bookmark",
    "Case",
    "Ceremony",
    "Draft",
    "Follow",
    "HeldPost",
    "KeyShare",
    "Mask",
    "Mute",
    "Post",
    "PostRevision",
    "Report",
    "RoleKey",
    "Seal",
    "Support",
    "Thread",
    "ThreadRead",
    "Waiting",
    "WaitingPicture",
]
