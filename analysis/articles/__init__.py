"""The articles: what five published pieces claimed, recomputed and graded.

:func:`open_judge` judges every claim with what was public when its article appeared. Grades follow from
the numbers: nothing in ``data/articles`` says whether a claim holds.
"""

from analysis.articles.judge import Judge, JudgedClaim, JudgedNumber, open_judge
from analysis.articles.loading import open_articles
from analysis.articles.records import Article, Claim

__all__ = ["Article", "Claim", "Judge", "JudgedClaim", "JudgedNumber", "open_articles", "open_judge"]
