"""Every act by itself: what it asks, what it leaves, what it refuses."""
