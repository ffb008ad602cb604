"""Categories, articles and their versions, and what says how far one can rely on them."""

from knowledge.models.admission import AdmissionTask
from knowledge.models.articles import Article, ArticleVersion
from knowledge.models.categories import ArticleCategory, KnowledgeRoot
from knowledge.models.imports import ImportItem, ImportRun
from knowledge.models.policies import (
    Policy,
    PolicyClause,
    PolicyGrant,
    PolicyRepeal,
    PolicyRequest,
    PolicyReview,
    PolicyRoot,
    PolicyShelf,
    PolicyVersion,
    PolicyWithdrawal,
)
from knowledge.models.trust import EditSuggestion, Usefulness, Verification

__all__ = [
    "AdmissionTask",
    "Article",
    "ArticleCategory",
    "ArticleVersion",
    "EditSuggestion",
    "ImportItem",
    "ImportRun",
    "KnowledgeRoot",
    "Policy",
    "PolicyClause",
    "PolicyGrant",
    "PolicyRepeal",
    "PolicyRequest",
    "PolicyReview",
    "PolicyRoot",
    "PolicyShelf",
    "PolicyVersion",
    "PolicyWithdrawal",
    "Usefulness",
    "Verification",
]
