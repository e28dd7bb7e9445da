"""What a rulebook is made of."""
