"""The kit that hosts test their rules by."""
