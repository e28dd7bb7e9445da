"""
Evidence: what can be shown to somebody who trusts nobody? Digests, keys that sign them, evidence of a suggestion.
"""

from handleflow.evidence._file import FORMAT, Evidence, Shown, evidence_of, parsed_evidence, verify_evidence

__all__ = ["FORMAT", "Evidence", "Shown", "evidence_of", "parsed_evidence", "verify_evidence"]
