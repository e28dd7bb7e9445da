"""
Backup and restore: how is a record moved, whole and with its hashes? Backups, and whether one is what was
published.
"""

from handleflow.backup._parsed_lines import rulebooks_in
from handleflow.backup._proof import verify_backup
from handleflow.backup._record_lines import FORMAT
from handleflow.backup._restored import Restored, restore
from handleflow.backup._taken import BackedUp, backup

__all__ = ["FORMAT", "BackedUp", "Restored", "backup", "restore", "rulebooks_in", "verify_backup"]
