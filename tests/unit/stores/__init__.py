"""What a store in a file adds."""
