"""Profiles in, explained and balanced pairs out; knows no web and no database."""

from matcher.assignment import BalancedAssignment
from matcher.balance import BalanceReport, LevelReport
from matcher.datasets import make_profiles
from matcher.embedders import Embedder, EmbeddingCache
from matcher.evaluation import Evaluation, evaluate
from matcher.explanation import Explanation, Share
from matcher.fields import Bandwidth, Mode, Slot, Wishes
from matcher.file_cache import FileCache
from matcher.flow import AssignmentError
from matcher.frontier import Frontier, FrontierPoint
from matcher.lead_follow import split_leads
from matcher.learning import LearnedWeights, learn
from matcher.left_out import LeftOut
from matcher.limits import LimitMissed, Limits
from matcher.market import Decisions
from matcher.optimality import Certificate
from matcher.outcomes import Answer, AnswerKind, Outcome
from matcher.pair_weights import pair_weights
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, read_profiles
from matcher.proposals import Alternate, Pairing, Proposals, Ranked
from matcher.reading import Problem, ProfileError, ProfileFileError
from matcher.reasons import REASONS, Reason, english
from matcher.rules import RuleSettings, check
from matcher.scorer import DEFAULT_WEIGHTS, CompatibilityScorer, PairScorer, ScoreTable
from matcher.student_balance import StudentBalance
from matcher.text import TextEncoder
from matcher.text_statistics import TextStatistics
from matcher.vocabulary.asem import Region, region_of
from matcher.vocabulary.levels import Level
from matcher.why_not import WhyNot

__all__ = [
    "DEFAULT_WEIGHTS",
    "REASONS",
    "Alternate",
    "Answer",
    "AnswerKind",
    "AssignmentError",
    "BalanceReport",
    "BalancedAssignment",
    "Bandwidth",
    "Certificate",
    "CompatibilityScorer",
    "CourseProfile",
    "Decisions",
    "Embedder",
    "EmbeddingCache",
    "Evaluation",
    "Explanation",
    "FileCache",
    "Frontier",
    "FrontierPoint",
    "LearnedWeights",
    "LeftOut",
    "Level",
    "LevelReport",
    "LimitMissed",
    "Limits",
    "Mode",
    "Outcome",
    "PairScorer",
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
    "StudentBalance",
    "TextEncoder",
    "TextStatistics",
    "WhyNot",
    "Wishes",
    "check",
    "english",
    "evaluate",
    "learn",
    "make_profiles",
    "pair_weights",
    "read_profiles",
    "region_of",
    "split_leads",
]
