"""Campaigns with frozen targets; rivals and what is known of them."""

from crm.marketing.models.campaigns import Campaign, CampaignExpense, CampaignTarget, CampaignTask
from crm.marketing.models.rivals import RivalFact, RivalMaker, RivalProduct

__all__ = ["Campaign", "CampaignExpense", "CampaignTarget", "CampaignTask", "RivalFact", "RivalMaker", "RivalProduct"]
