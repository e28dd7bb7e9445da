"""What a user might pick instead, one module a package and workload; one that is not installed is not imported."""
