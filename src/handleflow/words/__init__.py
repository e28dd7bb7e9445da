"""What people read, in Chinese and English: labels of states and acts, and the reasons of refusals."""

from handleflow.words.labels import LABELS, label
from handleflow.words.nearest import did_you_mean, listed, listed_zh

__all__ = ["LABELS", "did_you_mean", "label", "listed", "listed_zh"]
