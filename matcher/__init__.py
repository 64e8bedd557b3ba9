"""Profiles in, explained and balanced pairs out; knows no web and no database."""

from matcher.assignment import BalancedAssignment
from matcher.balance import BalanceReport, LevelReport
from matcher.datasets import make_profiles
from matcher.embedders import Embedder, EmbeddingCache, FileCache
from matcher.evaluation import Evaluation, evaluate
from matcher.explanation import Explanation, Share
from matcher.fields import Bandwidth, Mode, Slot, Wishes
from matcher.flow import AssignmentError
from matcher.left_out import LeftOut
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, read_profiles
from matcher.proposals import Alternate, Pairing, Proposals, Ranked
from matcher.reading import Problem, ProfileError, ProfileFileError
from matcher.reasons import REASONS, Reason, english
from matcher.rules import RuleSettings, check
from matcher.scorer import DEFAULT_WEIGHTS, CompatibilityScorer, ScoreTable
from matcher.text import TextEncoder
from matcher.vocabulary.asem import Region, region_of
from matcher.vocabulary.levels import Level

__all__ = [
    "DEFAULT_WEIGHTS",
    "REASONS",
    "Alternate",
    "AssignmentError",
    "BalanceReport",
    "BalancedAssignment",
    "Bandwidth",
    "CompatibilityScorer",
    "CourseProfile",
    "Embedder",
    "EmbeddingCache",
    "Evaluation",
    "Explanation",
    "FileCache",
    "LeftOut",
    "Level",
    "LevelReport",
    "Mode",
    "Pairing",
    "PartnerMatcher",
    "Problem",
    "ProfileError",
    "ProfileFileError",
    "Proposals",
    "Ranked",
    "Reason",
    "Region",
    "RuleSettings",
    "ScoreTable",
    "Share",
    "Slot",
    "TextEncoder",
    "Wishes",
    "check",
    "english",
    "evaluate",
    "make_profiles",
    "read_profiles",
    "region_of",
]
