"""What each layer of the library does by itself, a folder a layer."""
