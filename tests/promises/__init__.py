"""What holds whatever happens: every store alike, real databases, processes that die."""
