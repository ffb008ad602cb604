"""Campaigns with frozen targets and what is said of what they launch; rivals; meetings and what was promised there; stock in the trade; market news."""

from crm.marketing.models.campaigns import Campaign, CampaignExpense, CampaignTarget, CampaignTask
from crm.marketing.models.channel import ChannelStock
from crm.marketing.models.information import MarketNote
from crm.marketing.models.launches import LaunchOpinion
from crm.marketing.models.meetings import Meeting, MeetingGuest, MeetingPoint
from crm.marketing.models.rivals import RivalFact, RivalMaker, RivalProduct

__all__ = [
    "Campaign", "CampaignExpense", "CampaignTarget", "CampaignTask", "ChannelStock", "LaunchOpinion", "MarketNote", "Meeting", "MeetingGuest",
    "MeetingPoint", "RivalFact", "RivalMaker",
    "RivalProduct",
]  # fmt: skip
