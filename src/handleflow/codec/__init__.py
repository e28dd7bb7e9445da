"""
Serialization: how do entries and snapshots become bytes, and bytes entries? The codec, by the permanent kinds of
events.
"""

from handleflow.codec._entry_codec import Codec
from handleflow.codec._fingerprints import fingerprint_without
from handleflow.codec._salts import Entropy, Unrepeated, salt_from

__all__ = ["Codec", "Entropy", "Unrepeated", "fingerprint_without", "salt_from"]
